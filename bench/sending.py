"""Release, claim and settle beside the same work without guarantees: two bare durable commits."""

import json
import time

import psycopg

from bench.databases import owner_dsn, scratch_cluster, scratch_database
from bench.figure import Figure, judge
from bench.ours import work

MESSAGES = 1_500
AIM_RATE = 300
AIM_RATIO = 0.5


def measure() -> list[Figure]:
    """Every message released with its words, claimed, logged, taken by a channel and settled."""
    with scratch_cluster() as (cluster, home), scratch_database(cluster) as office:
        work(office, "prepare")
        work(office, "fill", f"--invoices={MESSAGES}", "--per-debtor=1")
        ours = json.loads(work(office, "send", home=home))
        bare = _time_bare_commits(owner_dsn(office), ours["messages"])
    rate = ours["messages"] / ours["seconds"]
    what = f"{ours['messages']:,} messages"
    without_words = ours["messages"] / ours["send_seconds"]
    return [
        judge("sending", f"{what}, released, claimed, settled", ours=rate, aim=AIM_RATE, unit="/s"),
        judge(
            "sending",
            f"{what}, claimed, settled; two bare durable commits each",
            ours=without_words,
            baseline=ours["messages"] / bare,
            aim=AIM_RATIO,
            unit="/s",
        ),
        judge(
            "sending",
            f"{what}, with release and words; two bare durable commits each",
            ours=rate,
            baseline=ours["messages"] / bare,
            unit="/s",
        ),
    ]


def _time_bare_commits(dsn: str, messages: int) -> float:
    """A row updated by its key and committed, twice for each message, by one connection."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare (id int PRIMARY KEY, state text, at timestamptz)")
        connection.execute(
            "INSERT INTO bare SELECT n, 'released', now() FROM generate_series(1, %s) n",
            [messages],
        )
        started = time.perf_counter()
        for number in range(1, messages + 1):
            for state in ("sending", "accepted"):
                connection.execute(
                    "UPDATE bare SET state = %s, at = now() WHERE id = %s", [state, number]
                )
        return time.perf_counter() - started
