"""The rules: pure Python, no Django, no clock, no files."""
