"""Whose money a payment is that pays nothing open."""
