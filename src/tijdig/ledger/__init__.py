"""Debtors, invoices and their unchangeable entries; every balance is derived from entries."""
