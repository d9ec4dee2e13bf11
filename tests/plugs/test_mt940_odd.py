"""MT940 and MT942 as they come in real life: broken off, empty, or with another bank's texts."""

import pytest

from tijdig.banking.formats.mt940 import parse

HEAD = ":20:P1\n:25:NL91ABNA0417164300EUR\n:28C:61\n"
OPENING = ":60F:C260301EUR1000,00\n"
LINE = ":61:2603020302C121,00NTRFNONREF\n:86:/IBAN/NL20INGB0001234567/NAME/KOREN/REMI/factuur 1\n"
CLOSING = ":62F:C260302EUR1121,00\n-\n"
REPORT = ":34F:EURD0,\n:13D:2603021215+0100\n"
SUMS = ":90D:0EUR0,\n:90C:0EUR0,\n-\n"


@pytest.mark.parametrize(
    ("content", "place", "word"),
    [
        (HEAD + OPENING + LINE, "regel 1", ":62F:"),
        (HEAD + OPENING + LINE[:60], "regel 1", ":62F:"),
        (HEAD + LINE + CLOSING, "regel 1", ":60F:"),
        (HEAD + OPENING.replace("1000,00", "1.000,0x") + LINE + CLOSING, "regel 4", "1.000,0x"),
        (HEAD + OPENING + LINE + CLOSING.replace("260302", "26030"), "regel 7", "C26030EUR"),
    ],
)
def test_a_statement_without_a_balance_comes_in_and_does_not_add_up(
    content: str, place: str, word: str
) -> None:
    file = parse(content.encode(), name="proef.sta")
    (statement,) = file.statements
    assert [one.amount_cents for one in statement.lines] == [12_100]
    assert statement.balances_ok is False
    (problem,) = file.problems
    assert (problem.severity, problem.place) == ("warning", place)
    assert word in problem.because.nl


def test_one_without_any_balance_cannot_be_checked() -> None:
    (statement,) = parse((HEAD + LINE).encode(), name="proef.sta").statements
    assert statement.balances_ok is None


def test_an_empty_report_of_the_day_keeps_nothing_else_out() -> None:
    empty = parse((HEAD + REPORT + SUMS).encode(), name="leeg.sta")
    assert (empty.kind, empty.statements) == ("intraday", ())
    (said,) = empty.problems
    assert (said.severity, said.place) == ("warning", "regel 1")
    assert "nog geen regels" in said.because.nl
    other = HEAD.replace("4300", "4301") + REPORT + LINE + SUMS
    both = parse((HEAD + REPORT + SUMS + other).encode(), name="twee.sta")
    assert both.kind == "intraday"
    assert [(one.iban, len(one.lines)) for one in both.statements] == [("NL91ABNA0417164301", 1)]


def test_a_report_that_lacks_a_line_says_so() -> None:
    says_one = SUMS.replace(":90C:0EUR0,", ":90C:1EUR121,00")
    whole = parse((HEAD + REPORT + LINE + says_one).encode(), name="dag.sta")
    assert ([len(one.lines) for one in whole.statements], whole.problems) == ([1], ())
    cut = parse((HEAD + REPORT + says_one).encode(), name="dag.sta")
    (said,) = cut.problems
    assert (cut.statements, said.severity) == ((), "warning")
    assert "is het aantal regels 1, maar er staan er 0 in" in said.because.nl


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        HEAD.replace(":20:P1", ":20:940S260302"),
        HEAD.replace(":20:P1", ":20:940A260302"),
        "ABNANL2A\n940\nABNANL2A\n" + HEAD,
        "{1:F01INGBNL2ABXXX0000000000}\n{2:I940INGBNL2AXXXN}\n{4:\n" + HEAD,
        "{1:F01SNSBNL2AXXXX0000000000}{4:\n" + HEAD,
        "{1:F01KNABNL2HXXXX0000000000}{4:\n" + HEAD,
    ],
)
def test_numbered_sub_fields_are_read_in_the_file_of_every_bank(head: str) -> None:
    text = (
        "166?00SEPA?109310?20factuur 2026-04?2112 en 2026-0?22413?30INGBNL2A"
        "?31NL20INGB0001234567?32Bäckerei Müller?33 GmbH"
    )
    parts = "\n".join(text[at : at + 65] for at in range(0, len(text), 65))
    line = f":61:2603020302C121,00NTRFNONREF\n:86:{parts}\n"
    content = head + OPENING + line + CLOSING
    (statement,) = parse(content.encode("cp1252"), name="proef.sta").statements
    (told,) = statement.lines
    assert (told.text, told.counter_iban, told.counter_name) == (
        "factuur 2026-0412 en 2026-0413",
        "NL20INGB0001234567",
        "Bäckerei Müller GmbH",
    )


def test_a_text_may_begin_a_line_like_a_field_that_there_is_not() -> None:
    line = ":61:2603020302C121,00NTRFNONREF\n:86:/NAME/KOREN/REMI/om 12\n:30: factuur 5\n"
    (statement,) = parse((HEAD + OPENING + line + CLOSING).encode(), name="p.sta").statements
    assert [one.text for one in statement.lines] == ["om 12:30: factuur 5"]
