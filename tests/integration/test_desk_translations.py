"""Every Dutch sentence of the desk has an English one beside it."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import tijdig

SOURCE = Path(tijdig.__file__).parent
MARKS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2)}


def list_sentences() -> Iterator[tuple[str, str]]:
    """The sentences that templates and views mark for translation, with their file."""
    files = [*SOURCE.glob("templates/**/*.html")]
    files += [path for door in ("desk", "web", "demo") for path in SOURCE.glob(f"{door}/*.py")]
    for path in sorted(files):
        text = path.read_text(encoding="utf-8")
        code = templatize(text) if path.suffix == ".html" else text
        for _, mark, found, _ in extract_python(io.BytesIO(code.encode()), MARKS, [], {}):
            if mark in MARKS:
                yield found if isinstance(found, str) else found[0], path.name


def test_every_sentence_has_its_english() -> None:
    with (SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="en", abort_invalid=True)
    english = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id
        and all([message.string] if isinstance(message.string, str) else message.string)
    }
    sentences = list(list_sentences())
    assert len(sentences) > 400
    assert [one for one in sentences if one[0] not in english] == []
    assert english - {sentence for sentence, _ in sentences} == set()


def test_no_sentence_stands_in_the_catalogue_twice() -> None:
    path = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
    told = re.findall(r'^(?:msgctxt "(.*)"\n)?msgid "(.+)"$', path.read_text("utf-8"), re.MULTILINE)
    assert len(told) > 400
    assert [one for one, times in Counter(told).items() if times > 1] == []
