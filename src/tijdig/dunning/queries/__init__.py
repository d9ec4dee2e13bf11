"""Reads of dunning: facts, decisions, runs."""
