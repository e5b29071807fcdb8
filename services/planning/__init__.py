"""Planning: what an organiser declares about a night. Start reading at `README.md`."""
