"""The record: an append-only log per service, behind one port with two adapters."""
