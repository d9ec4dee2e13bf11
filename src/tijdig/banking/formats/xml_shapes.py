"""Elements that say other texts in marks that were read before: nothing but those texts is read.

The entries of a statement look alike: the same elements in the same order, with the same attributes
and the same white space. Where Expat has read such an element twice, a third with exactly the same
marks is well-formed too as far as its texts are, and those are looked at here. Anything else is
left to Expat: other marks, an encoding that is not UTF-8, a comment, CDATA, a numbered character, a
control character, `]`, a text that begins with white space or has a line break.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from tijdig.banking.formats.xml_nodes import Node

_MOST_KEPT: Final = 200
_TEXTS: Final = re.compile(r">([^<\s][^<]*)<")
# Stands in the marks where a text goes; in a file that Expat takes it cannot stand.
_HOLE: Final = "\0"
_MARK: Final = re.compile(
    r'<(/?)([A-Za-z_][\w.:-]*)((?: [A-Za-z_][\w.:-]*="[^"<&\t\n]*")*) ?(/?)>([ \t\n]*)(\0?)',
    re.ASCII,
)
_CURRENCY: Final = re.compile(r' Ccy="([^"]*)"')
_UNREAD: Final = bytes({*range(0x20), *b"]"} - set(b"\t\n"))
# U+FFFE and U+FFFF, which XML does not know, begin so.
_LAST_CHARACTERS: Final = b"\xef\xbf"
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Step(NamedTuple):
    """What happens as an element begins or ends: a text for `target[key]`, or a call.

    The text is that of a hole (the last one is empty) with what comes behind it; `line` is how many
    lines further it stands than the element begins.
    """

    target: dict[str, str] | None
    key: str
    done: Callable[[], None] | None
    hole: int
    rest: str
    line: int
    is_text: bool


class Shape(NamedTuple):
    """An element with holes for its texts, and how many lines it has."""

    steps: tuple[Step, ...]
    holes: int
    lines: int


class Found(NamedTuple):
    """An element whose shape is known, with its texts, and an empty one behind them."""

    shape: Shape
    texts: list[str]


class Shapes:
    """The shapes of one kind of element, by their marks; `parent` is the node around it."""

    def __init__(self, parent: Node, name: str) -> None:
        self.closing = f"</{name}>".encode()
        self._parent, self._name = parent, name
        self._done = parent[name].done
        # None: read once.
        self._known: dict[str, Shape | None] = {}

    def find(self, content: bytes) -> Found | None:
        """The element that these bytes are, if all of it is known; one is learned at its second."""
        if len(content.translate(None, _UNREAD)) < len(content) or _LAST_CHARACTERS in content:
            return None
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return None
        parts = _TEXTS.split(text)
        texts = parts[1::2]
        marks = f">{_HOLE}<".join(parts[::2])
        shape = self._known.get(marks)
        if shape is None:
            self._learn(marks)
            return None
        if text.count("\n") != shape.lines or len(texts) != shape.holes:
            return None
        if "&" in text:
            try:
                texts = [_unescape(one) if "&" in one else one for one in texts]
            except KeyError:  # a character by its number, or a mistake
                return None
        texts.append("")
        return Found(shape, texts)

    def _learn(self, marks: str) -> None:
        if marks in self._known:
            self._known[marks] = self._make(marks) or _NEVER
            return
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[marks] = None

    def _make(self, marks: str) -> Shape | None:
        """What to do with the texts of an element with these marks; None where Expat has to read.

        It follows what `XmlStream.listen` does at each start and end.
        """
        steps: list[Step] = []
        levels: list[tuple[str, Node]] = []
        node, passed_over = self._parent, Node()
        start = len(marks) - len(marks.lstrip(" \t\n"))
        at, line, hole, holes, rest = start, marks.count("\n", 0, start), -1, 0, ""
        for mark in _MARK.finditer(marks, start):
            closing, name, attributes, empty, space, has_text = mark.groups()
            if mark.start() != at or (at > start and not levels):
                return None
            at = mark.end()
            if not closing:
                levels.append((name, node))
                node = node.get(name, passed_over)
                hole, rest = -1, ""
                if attributes and node.currency_key:
                    told = _CURRENCY.search(attributes)
                    currency = told[1] if told else ""
                    key = node.currency_key
                    steps.append(Step(node.target, key, None, -1, currency, line, is_text=False))
            if closing or empty:
                opened, around = levels.pop() if levels else ("", node)
                if opened != name:
                    return None
                done = node.done if levels else self._done
                if node.key is not None:
                    steps.append(Step(node.target, node.key, None, hole, rest, line, is_text=True))
                elif done is not None:
                    steps.append(Step(None, "", done, hole, rest, line, is_text=False))
                node = around
            if has_text:
                if closing or empty:  # what stands behind an element belongs to the one around it
                    return None
                hole, holes = holes, holes + 1
            rest += space
            line += space.count("\n")
        is_whole = at == len(marks) and not levels and marks.startswith(f"<{self._name}", start)
        return Shape(tuple(steps), holes, line) if is_whole else None


# No element has so many lines.
_NEVER: Final = Shape((), 0, -1)


def _unescape(text: str) -> str:
    """The text with its five named characters. Raises KeyError: anything else behind a `&`."""
    first, *others = text.split("&")
    parts = [first]
    for other in others:
        name, end, after = other.partition(";")
        parts.append(_ENTITIES[name if end else ""] + after)
    return "".join(parts)
