"""The worker: takes jobs from the queue until it is told to stop."""

from typing import cast

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


def work(*, once: bool = False) -> None:
    """Take jobs until a signal comes; with `once`, until the queue is empty after a first tick.

    What a worker that was killed left is ended first: nothing waits for the next minute.
    """
    from tijdig.config.tasks import ask_now, look_where_we_are, tick

    look_where_we_are()
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    ask_now()
    if once:
        tick(timestamp=0)
    with app.replace_connector(connector) as worker_app:
        worker_app.run_worker(
            wait=not once, concurrency=2, delete_jobs="successful", install_signal_handlers=True
        )
