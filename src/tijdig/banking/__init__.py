"""Statements, bank lines, and the money that is matched with invoices."""
