"""What holds for every list of open items: nothing raised, nothing lost, sums kept."""

import io
import random
import zipfile
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some
from tests.plugs.list_samples import (
    Item,
    dmy,
    dutch,
    eboekhouden_csv,
    english,
    exact_csv,
    plain,
    plain_comma,
    simple_rows,
    trailing_minus,
    write_csv,
    write_xlsx,
)  # fmt: skip

from tijdig.intake.formats.open_items import parse, parse_headers, preview, recognise
from tijdig.intake.records import InvoiceFile

WORKBOOK = write_xlsx(simple_rows(amount=lambda x: x / 100, day=lambda x: x))
TEXTS = (exact_csv(), eboekhouden_csv(), write_csv(simple_rows(), encoding="utf-16"))
FIRST = date(2025, 1, 1)

# No signs between 0x80 and 0xBF: a name such as "Â¡" in CP1252 is "¡" in UTF-8, byte for byte.
LETTERS = "abcXYZ0159éèëïüöçñÉÜß&.,;|:'()-"
names = some.text(LETTERS, min_size=1, max_size=20).filter(lambda x: x.strip("=\"#'") == x)
items = some.lists(
    some.builds(
        Item,
        number=some.from_regex(r"[A-Z]{0,2}[0-9]{0,3}[1-9]", fullmatch=True),
        open_cents=some.integers(-10_000_000, 10_000_000),
        total_cents=some.integers(-10_000_000, 10_000_000),
        debtor_number=some.from_regex(r"[1-9][0-9]{3}", fullmatch=True),
        debtor_name=names,
        issued_on=some.integers(0, 700).map(lambda x: FIRST + timedelta(days=x)),
        due_on=some.integers(0, 700).map(lambda x: FIRST + timedelta(days=x)),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda x: x.number,
)


def facts(file: InvoiceFile) -> dict[str, tuple[object, ...]]:
    return {
        x.number: (x.open_cents, x.total_cents, x.issued_on, x.due_on, x.debtor.number,
                   x.debtor.name)
        for x in file.records
    }  # fmt: skip


def expected(given_items: list[Item]) -> dict[str, tuple[object, ...]]:
    return {
        x.number: (x.open_cents, x.total_cents, x.issued_on, x.due_on, x.debtor_number,
                   x.debtor_name)
        for x in given_items
    }  # fmt: skip


@settings(max_examples=80)
@given(
    items,
    some.sampled_from([";", ",", "\t", "|"]),
    some.sampled_from(["cp1252", "utf-8", "utf-8-sig", "utf-16"]),
    some.sampled_from([dutch, english, plain, plain_comma, trailing_minus]),
    some.sampled_from([dmy, date.isoformat, lambda x: f"{x:%Y%m%d}", lambda x: f"{x:%-d-%-m-%y}"]),
    some.randoms(use_true_random=False),
)
def test_every_way_of_writing_gives_the_same_records(
    many: list[Item], delimiter: str, encoding: str, amount: object, day: object,
    chance: random.Random,
) -> None:  # fmt: skip
    shuffled = list(many)
    chance.shuffle(shuffled)
    rows = simple_rows(shuffled, amount=amount, day=day)
    file = parse(write_csv(rows, delimiter=delimiter, encoding=encoding), name="x")
    assert facts(file) == expected(many)
    assert file.full_list is True


@settings(max_examples=25)
@given(items)
def test_a_workbook_gives_the_same_records(many: list[Item]) -> None:
    rows = simple_rows(many, amount=lambda x: x / 100, day=lambda x: x)
    assert facts(parse(write_xlsx(rows), name="x")) == expected(many)


cells = some.sampled_from(
    ["", "0", "1", "7", "7", "Totaal", "14-03-2026", "03/14/2026", "31-02-2026", "1.234", "1,5",
     "1.5", "5-", "Piet", "Jan", "NL", "USD", "QQQ", "credit", "x;y", '"', "a\r\nb", "#N/A"],
)  # fmt: skip
heads = some.lists(
    some.sampled_from(
        ["Factuurnr", "Boekstuk", "Datum", "Factuurdatum", "Vervaldatum", "Termijn", "Bedrag",
         "Voldaan", "Openstaand", "Debet", "Credit", "D/C", "Valuta", "Soort", "Klantnr", "Naam",
         "Relatie", "Land", "IBAN", "E-mail", "", "Iets"],
    ),
    min_size=1, max_size=9,
)  # fmt: skip


@settings(max_examples=120)
@given(heads, some.lists(some.lists(cells, min_size=1, max_size=10), max_size=8))
def test_every_row_is_a_record_or_has_its_reason(head: list[str], rows: list[list[str]]) -> None:
    shown = preview(write_csv([head, *rows]), name="x")
    whole_refused = not shown.file.records and any(
        x.severity == "refused" and x.place == shown.header_place for x in shown.file.problems
    )
    assert whole_refused or all(
        x.record or x.problems or merged(shown, x.place) for x in shown.rows
    )
    assert shown.file == parse(write_csv([head, *rows]), name="x")
    if shown.file.full_list:
        assert all(x.severity == "warning" for x in shown.file.problems)


def merged(shown: object, place: str) -> bool:
    """Whether a row was added to an earlier one: the warning there names it."""
    problems = shown.file.problems  # type: ignore[attr-defined]
    return any("staat op" in x.because.nl and place in x.because.nl for x in problems)


@settings(max_examples=120)
@given(some.binary(max_size=400))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    recognise(content)
    parse_headers(content)
    shown = preview(content, name="x")
    assert shown.file == parse(content, name="x")
    assert shown.file.records or shown.file.problems


def spoil(content: bytes, spots: list[tuple[int, bytes]]) -> bytes:
    spoiled = bytearray(content)
    for at, put in spots:
        at %= len(spoiled) + 1
        spoiled[at : at + len(put)] = put
    return bytes(spoiled)


spots = some.lists(
    some.tuples(some.integers(0, 5_000), some.binary(min_size=1, max_size=3)), max_size=4
)


@settings(max_examples=80)
@given(some.sampled_from(TEXTS), spots)
def test_a_spoiled_text_never_raises(content: bytes, where: list[tuple[int, bytes]]) -> None:
    file = parse(spoil(content, where), name="x")
    assert file.records or file.problems


@settings(max_examples=80)
@given(spots, some.booleans(), some.integers(0, 20))
def test_a_spoiled_workbook_never_raises(
    where: list[tuple[int, bytes]], inside: bool, part: int
) -> None:
    content = WORKBOOK if inside else spoil(WORKBOOK, where)
    if inside:
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(target, "w") as new:
            entries = old.infolist()
            for at, entry in enumerate(entries):
                chosen = at == part % len(entries)
                new.writestr(entry.filename, spoil(old.read(entry), where if chosen else []))
        content = target.getvalue()
    file = parse(content, name="x")
    assert file.records or file.problems
