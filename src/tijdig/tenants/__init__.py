"""Administrations, the people who may work in them, and the scope that keeps them apart."""
