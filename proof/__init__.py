"""The proof: faults on purpose, and what the outside world truly received."""
