"""Writes of the ledger: debtors, invoices, entries."""
