"""Every picture is shown on a page, is there, and is small enough for everybody's clone."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "images"
PAGES = (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)|(?:src|srcset)=\"([^\"]+)\"")
MOST_BYTES = 200_000


def test_every_picture_is_shown_and_every_picture_shown_is_there() -> None:
    shown = {
        (page.parent / (told[0] or told[1])).resolve()
        for page in PAGES
        for told in PICTURE.findall(page.read_text(encoding="utf-8"))
    }
    assert shown == set(FOLDER.iterdir())


def test_every_picture_is_a_small_png() -> None:
    contents = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert {name for name, content in contents.items() if content[:4] != b"\x89PNG"} == set()
    assert {name for name, content in contents.items() if len(content) > MOST_BYTES} == set()
