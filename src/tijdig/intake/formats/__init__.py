"""One pure parser per invoice file format."""
