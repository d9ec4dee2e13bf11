"""The database that every worker copies."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

TEMPLATE = "proof_template"


def fill_template() -> None:
    """Make the tables of the database that every worker copies, and the neighbour's books."""
    from django.db import connections
    from tests.tables import alone_rendered

    from proof.neighbour import make_neighbour
    from tijdig.config.database import prepare_schema

    with _garbage_left_lying(), alone_rendered():
        prepare_schema()
    make_neighbour()
    connections.close_all()


@contextmanager
def _garbage_left_lying() -> Iterator[None]:
    """Nobody looks for garbage: among all the models that migrations make, that takes longer than
    some of the migrations themselves.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
