"""How templates print money, dates and words."""
