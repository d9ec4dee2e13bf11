"""What pages and actions read from the ledger."""
