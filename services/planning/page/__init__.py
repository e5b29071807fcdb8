"""What the crew has before them: pages that stay open and follow what happens."""
