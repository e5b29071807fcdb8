"""When things are: the nights of a series, edits to it, and the deadlines of a night. Pure."""
