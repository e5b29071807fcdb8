"""The Roadcase kernel: deciders, the log, the stream, projections, reactions, doors."""
