"""An upgrade of a peer (X15): messages were lost, while who called was told that all was well."""

import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.utils import ProgrammingError
from django.test import override_settings
from tests.faults.smtp_sink import SmtpSink
from tests.faults.test_peers import deliver, live, make_books, sink, states
from tests.integration.books import Listed

__all__ = ["sink"]

PATIENCE = 180


def as_owner(sql: str) -> None:
    """As an upgrade changes tables, beside whoever works on them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)
    connections["owner"].close()


def wait_for(file: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while not file.exists():
        assert time.monotonic() < ends
        time.sleep(0.01)


@pytest.mark.parametrize("at_point", ["send.before_body", "send.after_250"])
def test_x15_an_upgrade_beside_an_old_worker_loses_and_repeats_nothing(
    database: None, sink: SmtpSink, at_point: str
) -> None:
    """A column that the worker writes goes while its mail is under way: it fails, and says so."""
    administration = make_books(*(Listed(f"2026-{n}", 12_100, debtor=f"{n}") for n in range(3)))
    stands_still = Path(settings.HOME) / "failpoint"

    def work() -> None:
        try:
            live(administration)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with override_settings(FAILPOINT=f"{at_point}:sleep"):
            worker: Future[None] = pool.submit(work)
            wait_for(stands_still)
        as_owner("ALTER TABLE tijdig_message RENAME COLUMN receipt TO receipt_of_before")
        try:
            stands_still.unlink()
            with pytest.raises(ProgrammingError, match="receipt"):
                worker.result(PATIENCE)
        finally:
            as_owner("ALTER TABLE tijdig_message RENAME COLUMN receipt_of_before TO receipt")
    # The worker of the new release knows the tables, and from the send log what the server took.
    for minutes in (1, 20, 90):
        live(administration, minutes=minutes)
        deliver(administration, minutes=minutes)
    got = Counter(one.recipient for one in sink.stored)
    assert got == {f"klant{n}@example.nl": 1 for n in range(3)}
    assert states(administration) == {"accepted": 3}
