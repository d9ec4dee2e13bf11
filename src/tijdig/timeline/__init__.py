"""What happened: append-only events about any subject, by kind and id."""
