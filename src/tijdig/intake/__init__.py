"""Brings debtors and invoices in, once, whole, with a reason for what is refused."""
