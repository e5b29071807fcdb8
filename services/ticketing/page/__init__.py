"""The live page: what feeds it, and the files that browsers load as they are."""
