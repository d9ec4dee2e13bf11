"""One pure parser per bank file format."""
