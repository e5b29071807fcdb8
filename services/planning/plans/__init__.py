"""What applying a manifest changes: worked out, shown, kept, and applied as it was seen."""
