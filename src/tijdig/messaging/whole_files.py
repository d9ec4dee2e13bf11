"""Small files of the data folder that several workers write: whole, or not at all."""

import secrets
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Put the text in the file; who reads at the same time gets the old or the new, never a part.

    Each writer has a file of its own until it is whole, so that none takes away another's.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
