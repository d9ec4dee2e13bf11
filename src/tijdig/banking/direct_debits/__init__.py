"""Mandates and the collections on them: tables and reads."""
