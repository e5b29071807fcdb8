"""Ticketing: pools, holds, tickets and who is inside. Start reading at `README.md`."""
