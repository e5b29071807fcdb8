"""The stream: a copy of a log on JetStream, sequence by sequence, from which everyone hears."""
