"""After ten wrong passwords in a quarter of an hour an account waits; so do guessers.

Counted in Django's cache: by process as long as no shared cache is configured.
"""

import hashlib

from django.core.cache import cache

FAILURES = 10
WINDOW_SECONDS = 15 * 60


def is_locked(email: str) -> bool:
    """Whether this address had too many failures."""
    return int(cache.get(_key(email), 0)) >= FAILURES


def count_failure(email: str) -> None:
    """Remember one failure; the window starts at the first."""
    if not cache.add(_key(email), 1, WINDOW_SECONDS):
        cache.incr(_key(email))


def forget_failures(email: str) -> None:
    """A right password clears the count."""
    cache.delete(_key(email))


def _key(email: str) -> str:
    return "sign-in-" + hashlib.sha256(email.strip().lower().encode()).hexdigest()
