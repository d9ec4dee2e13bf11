"""What belongs to a debtor or an invoice: the accounts he pays from, the documents."""
