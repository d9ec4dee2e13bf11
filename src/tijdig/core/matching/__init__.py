"""Which open items a payment pays, how sure that is, and the evidence in words."""
