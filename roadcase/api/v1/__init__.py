"""Generated from `proto/`: committed, never edited."""
