"""Tijdig: debtor management that sees to it that invoices are paid in good time."""
