"""Texts, messages and what became of them; the outbox that sends exactly once."""
