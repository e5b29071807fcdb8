"""Devices: roles, printers, and print jobs whose fate is always known. Start at `README.md`."""
