"""The web server, with a worker beside it."""

import subprocess
import sys

from django.conf import settings

from tijdig.config.database import prepare_schema, refuse_wrong_role
from tijdig.config.translations import compile_translations

WEB_WORKERS = 2


def serve(*, host: str, port: int, with_worker: bool = True) -> None:
    """Serve until stopped. Refuses to start as a role that sees every administration."""
    from granian import Granian
    from granian.constants import Interfaces

    if "owner" in settings.DATABASES:
        prepare_schema()
    refuse_wrong_role()
    compile_translations()
    worker = _start_worker() if with_worker and not settings.DEMO else None
    try:
        Granian(
            "tijdig.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=WEB_WORKERS,
            workers_kill_timeout=10,
            log_enabled=False,
        ).serve()
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=60)


def _start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "tijdig.config.command_line", "work"])
