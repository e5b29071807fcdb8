"""The demonstration: a night market sold out by a crowd, with servers killed in the middle."""
