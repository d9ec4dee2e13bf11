"""Compile the translations at set-up: `python -m tijdig.config.translations`.

Babel does it, so that a fresh machine needs no gettext. What is compiled is not committed.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def compile_translations(folder: Path = LOCALE) -> int:
    """Write a `.mo` beside every `.po` that is newer; how many were written."""
    written = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        fresh = target.with_suffix(".new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
        written += 1
    return written


if __name__ == "__main__":
    sys.stdout.write(f"{compile_translations()} translations compiled\n")
