"""The web server, with a worker beside it."""

import os
import socket
import subprocess
import sys

from django.conf import settings

from tijdig.config import environment
from tijdig.config.database import prepare_schema, refuse_wrong_role
from tijdig.config.translations import compile_translations
from tijdig.core.problem import Refusal

WEB_WORKERS = 2


def serve(*, host: str, port: int, with_worker: bool = True) -> None:
    """Serve until stopped; the site's address goes to stderr once nothing stands in its way.

    Refuses to start as a role that sees every administration, and on a taken port.
    """
    from granian import Granian
    from granian.constants import Interfaces

    if "owner" in settings.DATABASES:
        prepare_schema()
    refuse_wrong_role()
    refuse_taken_port(host, port)
    compile_translations()
    address = environment.text("TIJDIG_URL", f"http://localhost:{port}")
    os.environ["TIJDIG_URL"] = address  # for the links that the site's processes write
    sys.stderr.write(f"De site staat op {address} (stoppen: Ctrl-C).\n")
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


def refuse_taken_port(host: str, port: int) -> None:
    """Say so now: the server itself would fail in each of its processes. Refuses a taken port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(
                f"De site kan niet starten op {host}:{port}: {error.strerror}. Stop wat daar "
                "draait, of kies een andere poort met --port.",
                f"The site cannot start on {host}:{port}: {error.strerror}. Stop what runs there, "
                "or choose another port with --port.",
            ) from error


def _start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "tijdig.config.command_line", "work"])
