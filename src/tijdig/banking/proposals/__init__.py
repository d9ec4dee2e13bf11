"""What matching proposes for a bank line, and what people make of it."""
