"""Bring the files of a folder into the office, as the command `import` does, and time it.

    python -m bench.import_worker FOLDER

Prints one line of JSON: seconds on the clock, and of processor time with the server's.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django

from bench.usage import used_seconds

_NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tijdig.config.settings"
    django.setup()
    from bench.dunning_worker import RUN_ON, find_administration
    from tijdig.tenants.scope import administration_scope
    from tijdig.web.receiving import Received, receive

    administration_id = find_administration()
    paths = sorted(Path(sys.argv[1]).iterdir())
    started, used = time.perf_counter(), used_seconds()
    files = [Received(path.name, path.read_bytes()) for path in paths]
    with administration_scope(administration_id):
        receipt = receive(files, today=RUN_ON, now=_NOW, actor="bench")
    found = {"seconds": time.perf_counter() - started, "used_seconds": used_seconds() - used}
    if not receipt.is_clean:
        raise SystemExit(f"The files were not taken in whole: {receipt.problems[:3]}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
