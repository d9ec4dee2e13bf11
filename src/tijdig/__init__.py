"""Tijdig: debtor management that sees to it that invoices are paid in good time."""

__version__ = "0.1.0"
