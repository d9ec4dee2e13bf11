"""The database that every worker copies."""

TEMPLATE = "proof_template"


def fill_template() -> None:
    """Make the tables of the database that every worker copies, and the neighbour's books."""
    from django.db import connections

    from proof.neighbour import make_neighbour
    from tijdig.config.database import prepare_schema

    prepare_schema()
    make_neighbour()
    connections.close_all()
