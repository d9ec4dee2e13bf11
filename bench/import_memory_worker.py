"""Take one bank statement in from its file, and print the most memory that this process held.

python -m bench.import_memory_worker FILE
"""

import json
import os
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import django

_ON = date(2026, 11, 2)
_NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tijdig.config.settings")
    django.setup()
    from bench.dunning_worker import find_administration
    from tijdig.tenants.scope import administration_scope
    from tijdig.web.receiving import Received, receive

    path = Path(sys.argv[1])
    with administration_scope(find_administration()):
        received = [Received(path.name, b"", path=path)]
        receipt = receive(received, today=_ON, now=_NOW, actor="bench")
    print(json.dumps({"lines": receipt.files[0].lines, "peak_mb": read_peak_mb()}))


def read_peak_mb() -> float:
    """VmHWM and not ru_maxrss: a child process inherits the latter from who started it."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+)", told)
    if found is None:
        raise RuntimeError("this system does not tell how much memory a process held")
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
