"""The facts of planning."""
