"""The rules of planning: pure deciders."""
