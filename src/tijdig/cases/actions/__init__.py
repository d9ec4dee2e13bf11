"""Record, change and end cases; each raises the facts of its debtor."""
