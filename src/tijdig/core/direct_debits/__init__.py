"""SEPA direct debits: when a mandate may be collected on, how, and what to do when it returns."""
