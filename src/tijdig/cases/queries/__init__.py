"""Cases as facts for decisions, and as pages show them."""
