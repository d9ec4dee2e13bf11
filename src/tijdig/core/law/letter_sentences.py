"""The sentences of a veertiendagenbrief that are known to be right, in Dutch and English.

Every other sentence is not: what is not found here counts as wrong, whatever it speaks of. A name,
a number or a reference in a known place says nothing in law, nor do the lines of who signs.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from tijdig.core.identifiers import is_valid_iban
from tijdig.core.law.letter_language import (
    AMOUNT_FORM,
    DAY_FORM,
    IBAN_FORM,
    NUMBER_FORM,
    list_amounts,
    list_days,
    list_ibans,
    list_sentences,
    names_urgency,
)

_LONGEST_NAME = 2_000
# Holds a name together while sentences are split.
_JOINT = "\N{WORD JOINER}"

# A place in a known sentence, by what may stand there: see `_Letter.fits`.
_PLACES = {
    "text": ".+?",
    "day": DAY_FORM,
    "past": DAY_FORM,
    "last": DAY_FORM,
    "shown": AMOUNT_FORM,
    "asked": AMOUNT_FORM,
    "costs": AMOUNT_FORM,
    "iban": IBAN_FORM,
    "days": NUMBER_FORM,
}
_FIRST_WORD = re.compile(r"([A-Za-z-]+) ")
_Index = Mapping[str, tuple[re.Pattern[str], ...]]
_PLACE = re.compile(rf"\{{({'|'.join(_PLACES)})\}}")

_START = (
    r"(?:vanaf de dag nadat deze (?:brief|e-mail) (?:bij u )?is bezorgd"
    r"|vanaf de dag nadat u deze (?:brief|e-mail) (?:hebt|heeft) ontvangen"
    r"|vanaf de dag na (?:de )?(?:ontvangst|bezorging)(?: van deze (?:brief|e-mail))?)"
)
_START_EN = (
    r"from the day after (?:this (?:letter|e-mail) was delivered to you"
    r"|(?:receipt|delivery) of this (?:letter|e-mail))"
)
_PROSE = (
    r"Betalen zonder kosten kan nog: {text}",
    r"(?:Geachte|Beste) {text},",
    r"U moet nog een factuur van {text} betalen\.",
    r"U moet nog een paar facturen van {text} betalen\.",
    r"U (?:hebt|heeft) factuur {text} van {shown} nog niet betaald\.",
    r"Dat zijn {shown}(?:, {shown})*(?: en {shown})?\.",
    r"Van {shown} is {shown} betaald\.",
    r"De (?:laatste betaaldag|vervaldatum) was {past}\.",
    r"Op {past} belden wij u hierover\.",
    (
        r"Op {past} stuurden wij u per (?:e-mail|brief) een"
        r" (?:herinnering|brief over kosten|laatste herinnering|bericht)\."
    ),
    r"Wij schreven u hierover al op {past}\.",
    r"Alleen de tijd die u hier krijgt, telt\.",
    r"Dit is een kopie van ons bericht van {past}\.",
    r"Wij vragen u om {asked} te betalen\.",
    (
        rf"(?:Doe dat|Betaal het bedrag|Betaal {{asked}}(?: \(met {{shown}} rente\))?)"
        rf" binnen {{days}} dagen {_START}\."
    ),
    r"(?:U (?:heeft|hebt) in elk geval (?:de )?tijd|Dat is in elk geval) tot en met {last}\.",
    r"Betaalt u niet (?:binnen die tijd|op tijd)\?",
    r"Dan moet u ook incassokosten betalen\.",
    r"(?:Die kosten zijn|De kosten zijn dan|Samen is dat) {costs}\.",
    r"Voor het innen gebruiken wij een dienst waarover wij btw betalen\.",
    r"Die btw kunnen wij niet terugvragen\.",
    r"Daarom zit er {costs} btw in de kosten\.",
    r"Omdat wij de btw niet kunnen verrekenen, komt daar {costs} btw bij\.",
    r"Maak het geld over op {iban}(?:, met kenmerk {text})?\.",
    r"Kunt u nu niet betalen\?",
    (
        r"(?:Beantwoord deze e-mail|Mail naar {text}|Schrijf naar het adres boven deze brief)"
        r"(?: of bel {text})?\."
    ),
    r"Dit bericht stuurt {text} voor ons\.",
    r"Wki-registratie: {text}",
    # English.
    r"You can still pay without costs: {text}",
    r"Dear {text},",
    r"{text} sent you (?:an invoice|some invoices)\.",
    r"You have not paid invoice {text} of {shown} yet\.",
    r"The last day to pay was {past}\.",
    r"We called on {past}\.",
    (
        r"On {past} we sent you (?:a reminder|a letter about costs|a final reminder|a message) by"
        r" (?:e-mail|letter)\."
    ),
    r"We wrote to you about this on {past}\.",
    r"Only the time that you (?:are given|get) here counts\.",
    r"This is a copy of our message of {past}\.",
    r"We ask you to pay {asked}\.",
    rf"Please (?:do so|pay {{asked}}) within {{days}} days {_START_EN}(?:, to account {{iban}})?\.",
    r"In any case you have until {last}, that day included\.",
    (
        r"If you do not pay (?:within that time|in time), you must also pay collection costs"
        r"(?: of {costs})?\."
    ),
    r"(?:These costs are|Together that is) {costs}\.",
    r"We use a service to collect, and pay VAT on it\.",
    r"We cannot reclaim that VAT\.",
    r"So the costs include {costs} of VAT\.",
    r"Can you not pay now\?",
    r"Your payment and this message may have crossed\.",
    r"That means: we will keep asking for this amount until you have paid all of it\.",
    (
        r"(?:Reply to this e-mail|Write to (?:{text}|the address at the top of this letter))"
        r"(?: or call {text})?\."
    ),
    r"{text} sends this message for us\.",
    r"Wki registration: {text}",
)
_NUMBER_LABELS = (
    r"(?:Uw klantnummer|Factuurnummer|Ordernummer|Uw kenmerk|Op naam van|Betalingskenmerk"
    r"|Omschrijving|Your customer number|Invoice number|Order number|Your reference|Account name"
    r"|Payment reference|Description)"
)
_AMOUNT_LABELS = (
    r"(?:Factuurbedrag|Betaald of verrekend|Vragen wij nu niet|Nog te betalen|Bedrag"
    r"|Samen te betalen|Invoice amount|Paid or deducted|Not asked now|Still to pay|Amount"
    r"|To pay in total)"
)
_FACTS = (
    rf"{_NUMBER_LABELS}: {{text}}",
    rf"{_AMOUNT_LABELS}: {{shown}}",
    r"(?:Factuurdatum|Invoice date): {day}",
    r"(?:Laatste betaaldag|Last day to pay): {past}",
    r"(?:Rekening|Account) \(IBAN\): {iban}",
    r"(?:Betalen tot en met|Pay no later than): {last}",
    # Who signs.
    r"(?:Telefoon|Phone|E-mail|KvK-nummer|KvK number|Btw-nummer|VAT number) {text}",
    r"(?:{text}, )?\d{4} ?[A-Z]{2}(?: {text})?",
    r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?",
)
_SENTENCES = (*_PROSE, *_FACTS)
_HEADERS = ("Factuur Datum Betaaldag Te betalen", "Invoice Date Due To pay")
_REMARKS = (
    rf"{_NUMBER_LABELS} {{text}}",
    rf"{_AMOUNT_LABELS} {{shown}}",
    r"Creditnota|Credit note",
)
_NEXT_REMARK = re.compile(rf" · (?=(?:{_NUMBER_LABELS}|{_AMOUNT_LABELS}|Creditnota|Credit note)\b)")
_ROWS = (r"(?:{text} )?{day}(?: {day})? {shown}", rf"{_AMOUNT_LABELS} {{shown}}")

# What says nothing of a day, a term, money or costs, word for word.
_QUIET = frozenset(
    (
        "Zo staat het in de wet.",
        "Zo betaalt u",
        "Heeft u al betaald?",
        "Hebt u al betaald?",
        "Dan hoeft u niets te doen.",
        "Dan kunt u deze brief weggooien.",
        "Uw betaling en dit bericht kunnen elkaar hebben gekruist.",
        "Lukt het niet, of klopt er iets niet?",
        "Wilt u in delen betalen?",
        "Vraag het ons.",
        "Dan kijken wij samen wat kan.",
        "Laat het ons weten.",
        "Dan zoeken wij samen een oplossing.",
        "Vertel ons wat er niet klopt.",
        "Wij zoeken het voor u uit.",
        "Wij behouden ons ondubbelzinnig het recht op nakoming voor.",
        "Dat betekent: wij blijven om dit bedrag vragen tot u alles heeft betaald.",
        "Met vriendelijke groet,",
        "Om deze factuur gaat het",
        "Om deze facturen gaat het",
        "Klopt de factuur niet?",
        "Klopt een factuur niet?",
        "Wij hebben uw betaling nog niet ontvangen.",
        "Een deel is al betaald of verrekend.",
        "De rest hebben wij nog niet ontvangen.",
        "Wij hebben daarvoor nog niet het hele bedrag ontvangen.",
        "Wat u nog van ons krijgt, hebben wij van het bedrag afgehaald.",
        "Deze brief komt in de plaats van dat bericht.",
        "Deze e-mail komt in de plaats van dat bericht.",
        "Dit bericht komt ervoor in de plaats.",
        "Wij weten niet zeker of u dat kreeg.",
        # English.
        "The law says so.",
        "How to pay",
        "Have you already paid?",
        "Then you do not have to do anything.",
        "Is there a problem?",
        "Would you like to pay in parts?",
        "Ask us.",
        "We will see together what is possible.",
        "Let us know.",
        "We will look for a solution together.",
        "Tell us what is wrong.",
        "We will look into it for you.",
        "We expressly reserve our right to payment.",
        "Kind regards,",
        "This is the invoice",
        "These are the invoices",
        "Is the invoice not right?",
        "Is an invoice not right?",
        "You still have to pay it.",
        "You still have to pay them.",
        "We have not received your payment yet.",
        "A part has been paid or deducted.",
        "We have not received the rest yet.",
        "We have not received the full amount yet.",
        "We have deducted what we still owe you.",
        "This letter replaces that message.",
        "This e-mail replaces that message.",
        "This message takes its place.",
        "We are not sure that you got it.",
    )
)


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What known sentences must agree with.

    `asked_cents` is what the letter asks, `shown_cents` all other amounts that it may show. `names`
    are those of who writes and who is written to: they stand in no other place than a name.
    """

    sent_on: date
    last_day_on: date
    asked_cents: int
    shown_cents: frozenset[int]
    names: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence, a fact or a row of a letter, without the names and numbers in known places."""

    text: str
    is_known: bool


def read_letter(text: str, facts: KnownFacts) -> list[list[ReadSentence]]:
    """The sentences of each paragraph, and whether each is known to be right or says nothing."""
    letter = _Letter(facts)
    return [
        letter.read_paragraph(lines)
        for part in re.split(r"\n\s*\n", text)
        if (lines := _trim(part))
    ]


def _trim(part: str) -> list[str]:
    return [line for one in part.splitlines() if (line := " ".join(one.split()).removeprefix("- "))]


class _Letter:
    """Reads the paragraphs of one letter."""

    def __init__(self, facts: KnownFacts) -> None:
        self.facts = facts
        self.names = frozenset(name for name in facts.names if not _names_money(name))
        # A name with a point in it must not end a sentence.
        broken = sorted((one for one in self.names if len(list_sentences(one)) > 1), key=len)
        self.broken = broken[::-1]

    def read_paragraph(self, lines: Sequence[str]) -> list[ReadSentence]:
        """One paragraph: a table, running text, or lines that each stand alone."""
        if lines[0] in _HEADERS:
            rows = _index(_ROWS)
            return [self._read(line, rows) or self._read_remarks(line) for line in lines[1:]]
        joined = list(self._read_text(" ".join(lines)))
        if len(lines) == 1 or all(one.is_known for one in joined):
            return joined
        apart = [one for line in lines for one in self._read_text(line)]
        return apart if all(one.is_known for one in apart) else joined

    def _read_text(self, text: str) -> Iterator[ReadSentence]:
        for name in self.broken:
            text = text.replace(name, name.replace(" ", _JOINT))
        for sentence in list_sentences(text):
            plain = sentence.replace(_JOINT, " ")
            yield self._read_sentence(plain)

    def _read_sentence(self, plain: str) -> ReadSentence:
        if plain in _QUIET:
            return ReadSentence(plain, is_known=True)
        if plain in self.names:
            return ReadSentence("", is_known=True)
        read = self._read(plain.removeprefix("Kopie: ").removeprefix("Copy: "), _index(_SENTENCES))
        return read or ReadSentence(plain, is_known=False)

    def _read_remarks(self, line: str) -> ReadSentence:
        found = [self._read(one, _index(_REMARKS)) for one in _NEXT_REMARK.split(line)]
        if None in found:
            return ReadSentence(line, is_known=False)
        return ReadSentence(" ".join(one.text for one in found if one), is_known=True)

    def _read(self, sentence: str, shapes: _Index) -> ReadSentence | None:
        """The sentence as it reads in the first of these shapes that it has; None in none."""
        for shape in (*shapes.get(sentence.partition(" ")[0], ()), *shapes[""]):
            found = shape.fullmatch(sentence)
            if found is None:
                continue
            places = {key: value for key, value in found.groupdict().items() if value is not None}
            if all(self._fits(key.partition("_")[0], value) for key, value in places.items()):
                return ReadSentence(_blank(found), is_known=True)
        return None

    def _fits(self, place: str, value: str) -> bool:
        facts = self.facts
        if place == "text":
            return value in self.names or _is_harmless(value)
        if place in ("past", "last"):
            days = list(list_days(value))
            if place == "past":
                return all(day <= facts.sent_on for day in days) and days != []
            return all(day >= facts.last_day_on for day in days) and days != []
        if place in ("asked", "shown"):
            shown = facts.shown_cents if place == "shown" else frozenset[int]()
            return set(list_amounts(value)) <= {facts.asked_cents, *shown}
        return True


@cache
def _index(shapes: tuple[str, ...]) -> _Index:
    """Shapes by their first word, where that is one; the others under no word."""
    found: dict[str, tuple[re.Pattern[str], ...]] = {"": ()}
    for shape in shapes:
        word = _FIRST_WORD.match(shape)
        key = word[1] if word else ""
        found[key] = (*found.get(key, ()), _compile(shape))
    return found


def _compile(shape: str) -> re.Pattern[str]:
    count = 0

    def name(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"(?P<{found[1]}_{count}>{_PLACES[found[1]]})"

    return re.compile(_PLACE.sub(name, shape))


def _blank(found: re.Match[str]) -> str:
    """The sentence without what stands in the places of names and numbers."""
    spans = [found.span(key) for key in found.re.groupindex if key.startswith("text")]
    said, at = [], 0
    for start, end in sorted(span for span in spans if span[0] >= 0):
        said.append(found.string[at:start])
        at = end
    return "".join((*said, found.string[at:]))


def _is_harmless(value: str) -> bool:
    """Whether a number, a reference or a name cannot be read as a demand of its own."""
    return len(value) <= _LONGEST_NAME and not _names_money(value) and not names_urgency(value)


@lru_cache(maxsize=1024)
def _names_money(value: str) -> bool:
    """Whether it holds an amount or an account."""
    return bool(list_amounts(value)) or any(map(is_valid_iban, list_ibans(value)))
