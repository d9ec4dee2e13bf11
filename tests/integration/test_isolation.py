"""Every transaction is READ COMMITTED: what locks, claims and conditional updates are made for."""

from contextlib import closing

from django.db import connections


def test_a_server_that_takes_another_level_by_itself_gets_ours(
    database: None,
) -> None:
    line = connections.create_connection("default")
    line.settings_dict = {
        **line.settings_dict,
        "OPTIONS": {
            **line.settings_dict["OPTIONS"],
            "options": "-c default_transaction_isolation=serializable",
        },
    }
    with closing(line):
        line.set_autocommit(False)
        with line.cursor() as cursor:
            cursor.execute("SHOW default_transaction_isolation")
            assert cursor.fetchone() == ("serializable",)
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("read committed",)
