"""Measurements, each beside its anchor from the same run: `make bench`."""
