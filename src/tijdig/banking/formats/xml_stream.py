"""XML that goes by piece by piece, with bounds on all that could fill memory or time.

One pass of Expat and two callbacks, but for elements of a shape that is known (`xml_shapes`).
Refused, with the line: a DOCTYPE (and with it every entity, external file and expansion), a
character set in which markup can hide, a mark or a text of more than 1 MB, more than 64 levels,
more than 2,000 names, and what is not well-formed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NoReturn
from xml.parsers import expat

from tijdig.banking.formats.xml_nodes import Node
from tijdig.banking.formats.xml_shapes import Found, Shapes
from tijdig.core.problem import Problem, Sentence

PIECE_BYTES: Final = 64 * 1024
MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_MARK_BYTES: Final = 1_000_000
# Expat hands over texts in parts of at most 8,192 characters; longer lines come whole.
_MOST_TEXT_PARTS: Final = 128
_MOST_LEVELS: Final = 64
_MOST_NAMES: Final = 2_000
# Only encodings in which Expat sees every mark: in UTF-7 and its like a DOCTYPE can hide.
_ENCODINGS: Final = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "latin1", "utf-16"}
    | {"windows-1250", "windows-1252", "cp1252", "utf-16le", "utf-16be"}
)
_FOREIGN_STARTS: Final = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0\0\0<", b"\x4c\x6f\xa7")


class UnreadableFile(Exception):  # noqa: N818 - what is wrong is the data, not the program
    """Why a whole file does not come in."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.because.en)
        self.problem = problem


class XmlStream:
    """Feeds pieces to Expat; texts go where the nodes say, once somebody listens.

    Until then `on_start` is told the name and attributes of every element.
    """

    def __init__(self, on_start: Callable[[str, dict[str, str]], None]) -> None:
        self.texts: list[str] = []
        self._names: dict[str, str] = {}
        self._levels: list[Node] = []
        self._fed = 0
        # What Expat did not get, since its shape was known: bytes, lines, and lines into it.
        self._passed, self._lines, self._line = 0, 0, 0
        self._shapes: Shapes | None = None
        self._repeated: Callable[[dict[str, str], str], None] | None = None
        # Where the last element that may come again ended, and whether nothing came after.
        self._ended_at, self._is_between, self._is_utf8 = 0, False, True
        self.parser = expat.ParserCreate(intern=self._names)
        self.parser.buffer_text = True
        self.parser.CharacterDataHandler = self.texts.append
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.EntityDeclHandler = self._refuse_doctype
        self.parser.XmlDeclHandler = self._judge_encoding
        self.parser.StartElementHandler = on_start

    def listen(
        self,
        node: Node,
        *,
        around: Sequence[Node],
        repeated: Callable[[dict[str, str], str], None] | None = None,
        alike: tuple[Node, str] | None = None,
    ) -> None:
        """From now on texts go where nodes say: `node` has just begun, within those around it.

        `repeated` is told the target and the key of a text before another takes its place. `alike`
        names, with the node around them, the elements of which a file has many of the same shape.
        """
        if alike is not None and self._is_utf8:
            self._listen_to_alike(*alike)
        self._repeated = repeated
        texts, levels = self.texts, self._levels
        levels.extend(around)
        clear, push, pop, passed_over = texts.clear, levels.append, levels.pop, Node()

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal node
            push(node)
            node = node.get(name, passed_over)
            clear()
            if attributes and node.currency_key:
                node.target[node.currency_key] = attributes.get("Ccy", "")

        def end(_: str) -> None:
            nonlocal node
            key = node.key
            if key is not None:
                target = node.target
                if key in target and repeated is not None:
                    repeated(target, key)
                target[key] = texts[0] if len(texts) == 1 else "".join(texts)
            elif node.done is not None:
                node.done()
            node = pop()

        self.parser.StartElementHandler = start
        self.parser.EndElementHandler = end

    def _listen_to_alike(self, parent: Node, name: str) -> None:
        self._shapes = Shapes(parent, name)
        node = parent[name]
        done = node.done

        def mark_end() -> None:
            if done is not None:
                done()
            self._ended_at = self.parser.CurrentByteIndex

        node.done = mark_end

    @property
    def place(self) -> str:
        """The line that is being read."""
        return f"regel {self.parser.CurrentLineNumber + self._lines + self._line}"

    @property
    def passed_bytes(self) -> int:
        """How much was read without Expat, since it looked like what came before."""
        return self._passed

    def feed_all(self, pieces: Iterable[bytes]) -> Iterator[None]:
        """Reads all pieces; yields after each, so that what was found can be taken.

        Refuses: UnreadableFile, with the line where reading stopped.
        """
        try:
            for piece in pieces:
                for at in range(0, len(piece), PIECE_BYTES):
                    self._feed(piece[at : at + PIECE_BYTES])
                    yield
            if not self._fed:
                self.refuse(_EMPTY, "bestand")
            self.parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            self.refuse(_explain(error), f"regel {error.lineno + self._lines}")
        except (LookupError, ValueError):  # a character set that Python does not know or cannot map
            self.refuse(_ENCODING, "regel 1")

    def refuse(self, because: Sentence, place: str = "") -> NoReturn:
        """Stop reading, for this reason."""
        raise UnreadableFile(Problem(place or self.place, because))

    def _feed(self, piece: bytes) -> None:
        if not self._fed and piece.startswith(_FOREIGN_STARTS):
            self.refuse(_ENCODING, "regel 1")
        self._fed += len(piece)
        if self._fed > MOST_BYTES:
            self.refuse(_TOO_LARGE, "bestand")
        self._parse(piece if self._shapes is None else self._pass_alike(piece, self._shapes))
        # Expat reads an unfinished mark again with every piece: without a bound that is quadratic.
        if self._fed - self._passed - self.parser.CurrentByteIndex > _MOST_MARK_BYTES:
            self.refuse(_TOO_COMPLEX)
        if len(self.texts) > _MOST_TEXT_PARTS and sum(map(len, self.texts)) > _MOST_MARK_BYTES:
            self.refuse(_TOO_COMPLEX)
        if len(self._levels) > _MOST_LEVELS or len(self._names) > _MOST_NAMES:
            self.refuse(_TOO_COMPLEX)

    def _parse(self, piece: bytes) -> None:
        if piece:
            self._is_between = False
            self.parser.Parse(piece, False)

    def _pass_alike(self, piece: bytes, shapes: Shapes) -> bytes:
        """Read a piece as far as its last whole element of those that are alike; gives the rest.

        One is passed by Expat only where the one before has surely ended: Expat tells where.
        """
        at, closing = 0, shapes.closing
        while (end := piece.find(closing, at)) >= 0:
            end += len(closing)
            content = piece[at:end]
            at = end
            found = shapes.find(content) if self._is_between else None
            if found is not None:
                self._take(found)
                self._passed += len(content)
                continue
            until = self._fed - self._passed - len(piece) + end
            self._parse(content)
            self._is_between = self._ended_at + len(closing) == until
            if not self._is_between:
                # Within a comment Expat would read all of it again for each part it is given.
                break
        return piece[at:]

    def _take(self, found: Found) -> None:
        """Give texts to where they go, as `listen` does while Expat reads."""
        texts, repeated = found.texts, self._repeated
        for target, key, done, hole, rest, line, is_text in found.shape.steps:
            if target is not None:
                if is_text and key in target and repeated is not None:
                    self._line = line
                    repeated(target, key)
                target[key] = texts[hole] + rest
            elif done is not None:
                self._line = line
                self.texts[:] = (texts[hole] + rest,)
                done()
        self._line = 0
        self._lines += found.shape.lines

    def _refuse_doctype(self, *_: object) -> None:
        self.refuse(_DOCTYPE)

    def _judge_encoding(self, _: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            self.refuse(_ENCODING)
        self._is_utf8 = encoding is None or encoding.lower() == "utf-8"


def _explain(error: expat.ExpatError) -> Sentence:
    if error.code in {
        expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING],
        expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING],
    }:
        return _ENCODING
    return _BROKEN


_EMPTY: Final = Sentence("Het bestand is leeg.", "The file is empty.")
_TOO_LARGE: Final = Sentence(
    "Het bestand is groter dan 256 MB. Vraag uw bank om een kortere periode.",
    "The file is larger than 256 MB. Ask your bank for a shorter period.",
)
_TOO_COMPLEX: Final = Sentence(
    "Hier is een veld langer dan 1 MB, te diep genest, of er zijn te veel soorten velden. Wij lezen"
    " dit bestand niet. Vraag het afschrift opnieuw op bij uw bank.",
    "A field is longer than 1 MB here, nested too deeply, or there are too many kinds of fields. We"
    " do not read this file. Ask your bank for the statement again.",
)
_DOCTYPE: Final = Sentence(
    "Hier staat een DOCTYPE. Daarmee kan een bestand schade doen; afschriften hebben er geen. Wij"
    " lezen dit bestand niet.",
    "Here stands a DOCTYPE. That can make a file do harm; statements have none. We do not read this"
    " file.",
)
_ENCODING: Final = Sentence(
    "Het bestand gebruikt een tekenset die wij niet lezen. Wij lezen UTF-8, UTF-16, ISO-8859-1 en"
    " Windows-1252. Sla het bestand op als UTF-8.",
    "The file uses a character set that we do not read. We read UTF-8, UTF-16, ISO-8859-1 and"
    " Windows-1252. Save the file as UTF-8.",
)
_BROKEN: Final = Sentence(
    "De XML is hier beschadigd of breekt af. Er is niets ingelezen. Vraag het bestand opnieuw op"
    " bij uw bank.",
    "The XML is damaged or breaks off here. Nothing was read. Ask your bank for the file again.",
)
