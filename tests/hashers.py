"""Passwords of people in tests: hashed as the product does it, at the lowest cost there is."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """A guess costs an attacker next to nothing: for invented people only."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
