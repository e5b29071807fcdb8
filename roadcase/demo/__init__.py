"""The demonstration: a screening sold out by a crowd, with servers killed in the middle."""
