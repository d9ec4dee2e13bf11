"""camt.053: what banks write, in every version."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.plugs.camt_samples import (
    A_DAY,
    OTHER_IBAN,
    OWN_IBAN,
    Balance,
    Detail,
    Entry,
    Statement,
    make_camt,
    make_line,
    read,
)

from tijdig.banking.formats.camt import parse, recognise
from tijdig.banking.records import DocumentRecord, StatementFile, StatementRecord

VERSIONS = [f"{number:02d}" for number in range(2, 15)]


TEXT = "factuur 2026-0412"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("moments", [False, True])
@pytest.mark.parametrize("prefix", ["", "n0"])
def test_every_version_gives_the_same_statement(version: str, moments: bool, prefix: str) -> None:
    content = make_camt(
        Statement(
            entries=[
                Entry(
                    amount="000000000121.00000",
                    bank_reference="0001-1",
                    details=[
                        Detail(
                            texts=["factuur", "2026-0412"],
                            references=["RF54000000001234"],
                            end_to_end_id="NOTPROVIDED",
                        )
                    ],
                ),
                Entry(amount="6.05", direction="DBIT", note="Kosten rekening"),
            ],
            balances=[Balance("OPBD", "-10.00"), Balance("CLBD", "104.95")],
            from_on=A_DAY,
            until_on=A_DAY,
        ),
        version=version,
        prefix=prefix,
        moments=moments,
    )
    statement = StatementRecord(
        iban=OWN_IBAN,
        currency="EUR",
        identification="AFSCHRIFT-1",
        sequence="61",
        opening_cents=-1000,
        closing_cents=10495,
        from_on=A_DAY,
        until_on=A_DAY,
        lines=(
            make_line(text=TEXT, reference="RF54000000001234", bank_reference="0001-1"),
            make_line(
                amount_cents=-605,
                counter_iban="",
                counter_name="",
                text="Kosten rekening",
                place="Stmt[1]/Ntry[2]",
            ),
        ),
        place="Stmt[1]",
        made_at=datetime(2026, 3, 3, 6, tzinfo=ZoneInfo("Europe/Amsterdam")),
    )
    assert recognise(content[:1024])
    assert parse(content, name="proef.xml") == StatementFile("camt053", "booked", (statement,), ())
    assert statement.balances_ok


def test_utf_16_and_windows_1252_are_read() -> None:
    text = make_camt(Statement(entries=[Entry(details=[Detail(name="Café Größer")])])).decode()
    for encoding, declared in (("utf-16", "UTF-16"), ("cp1252", "windows-1252")):
        content = text.replace("UTF-8", declared).encode(encoding)
        assert recognise(content[:1024])
        line = parse(content, name="proef.xml").statements[0].lines[0]
        assert line.counter_name == "Café Größer"


def test_several_statements_and_one_without_entries() -> None:
    content = make_camt(
        Statement(sequence="1", balances=[Balance("PRCD", "5.00"), Balance("CLBD", "5.00")]),
        Statement(sequence="2", entries=[Entry(amount="1.00")]),
        Statement(sequence="3", iban=OTHER_IBAN, entries=[Entry(amount="2.00"), Entry()]),
    )
    statements = parse(content, name="proef.xml").statements
    assert [(s.sequence, s.iban, s.place, s.balances_ok) for s in statements] == [
        ("1", OWN_IBAN, "Stmt[1]", True),
        ("2", OWN_IBAN, "Stmt[2]", None),
        ("3", OTHER_IBAN, "Stmt[3]", None),
    ]
    assert [[line.place for line in s.lines] for s in statements] == [
        [],
        ["Stmt[2]/Ntry[1]"],
        ["Stmt[3]/Ntry[1]", "Stmt[3]/Ntry[2]"],
    ]


def test_a_statement_that_stands_in_the_file_twice_counts_once() -> None:
    entries = [Entry(details=[Detail(texts=["abonnement"])])] * 2
    first, next_one = Statement(entries=entries), Statement(entries=entries, sequence="62")
    result = parse(make_camt(first, first, next_one), name="proef.xml")
    assert [(s.sequence, s.place, len(s.lines)) for s in result.statements] == [
        ("61", "Stmt[1]", 2),
        ("62", "Stmt[3]", 2),
    ]
    assert [(p.place, p.severity) for p in result.problems] == [("Stmt[2]", "warning")]


def test_a_balance_that_does_not_add_up_shows_and_comes_in() -> None:
    content = make_camt(
        Statement(entries=[Entry()], balances=[Balance("OPBD", "0.00"), Balance("CLBD", "120.00")])
    )
    (statement,) = parse(content, name="proef.xml").statements
    assert statement.balances_ok is False


def test_days_of_a_statement_come_from_its_balances_where_it_names_none() -> None:
    content = make_camt(
        Statement(
            balances=[
                Balance("OPBD", "0.00", on=date(2026, 3, 1)),
                Balance("CLBD", "0.00", on=date(2026, 3, 7)),
            ]
        )
    )
    (statement,) = parse(content, name="proef.xml").statements
    assert (statement.from_on, statement.until_on) == (date(2026, 3, 1), date(2026, 3, 7))


def test_a_balance_in_another_currency_is_left_out_with_a_warning() -> None:
    content = make_camt(
        Statement(balances=[Balance("OPBD", "1.00"), Balance("CLBD", "1.00", currency="SEK")])
    )
    result = parse(content, name="proef.xml")
    assert (result.statements[0].opening_cents, result.statements[0].closing_cents) == (100, None)
    assert [(p.place, p.severity) for p in result.problems] == [("Stmt[1]/Bal", "warning")]


def test_a_reversed_collection_keeps_its_sign_and_names_the_debtor() -> None:
    (line,) = read(
        Entry(
            amount="30.00",
            direction="DBIT",
            reversal=True,
            details=[
                Detail(
                    owner_iban=OWN_IBAN,
                    end_to_end_id="INCASSO-7",
                    mandate_id="MACHTIGING-1",
                    return_reason="MD06",
                )
            ],
        )
    )
    assert line == make_line(
        amount_cents=-3000,
        end_to_end_id="INCASSO-7",
        mandate_id="MACHTIGING-1",
        is_reversal=True,
        return_reason="MD06",
    )


def test_our_own_transfer_that_came_back_names_who_did_not_get_it() -> None:
    (line,) = read(Entry(details=[Detail(owner_iban=OWN_IBAN, return_reason="AC04")]))
    assert line == make_line(return_reason="AC04")


def test_our_own_account_is_never_the_other_party() -> None:
    (line,) = read(Entry(details=[Detail(iban=OWN_IBAN)]))
    assert line == make_line(counter_iban="", counter_name="")


@pytest.mark.parametrize("version", ["02", "08"])
def test_the_ultimate_party_stands_in_for_a_missing_name(version: str) -> None:
    (line,) = read(
        Entry(details=[Detail(name="", ultimate_name="Stichting Derdengelden")]), version=version
    )
    assert line == make_line(counter_name="Stichting Derdengelden")


def test_an_account_number_that_is_no_iban_is_no_counter_iban() -> None:
    content = make_camt(Statement(entries=[Entry(details=[Detail(iban="12345678")])]))
    result = parse(content, name="proef.xml")
    assert result.statements[0].lines == (make_line(counter_iban=""),)
    (told,) = result.problems
    assert told.because.nl.startswith("TxDtls/RltdPties/DbtrAcct/Id/IBAN is hier “12345678”.")


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_batch_that_adds_up_becomes_a_line_per_payment(version: str) -> None:
    lines = read(
        Entry(
            amount="30.00",
            batch_id="BATCH-9",
            details=[
                Detail(amount="10.00", texts=["een"]),
                Detail(amount="20.00", texts=["twee"], iban="NL02ABNA0123456789"),
            ],
        ),
        version=version,
    )
    assert lines == (
        make_line(
            amount_cents=1000,
            text="een",
            batch_id="BATCH-9",
            place="Stmt[1]/Ntry[1]/TxDtls[1]",
        ),
        make_line(
            amount_cents=2000,
            text="twee",
            batch_id="BATCH-9",
            counter_iban="NL02ABNA0123456789",
            place="Stmt[1]/Ntry[1]/TxDtls[2]",
        ),
    )


@pytest.mark.parametrize("amounts", [("10.00", "19.99"), ("10.00", ""), ("", "")])
def test_a_batch_that_does_not_add_up_stays_one_line(amounts: tuple[str, str]) -> None:
    content = make_camt(
        Statement(
            entries=[
                Entry(
                    amount="30.00",
                    direction="DBIT",
                    details=[
                        Detail(amount=amounts[0], texts=["een"], end_to_end_id="A"),
                        Detail(amount=amounts[1], texts=["twee"], end_to_end_id="B"),
                    ],
                )
            ]
        )
    )
    result = parse(content, name="proef.xml")
    assert result.statements[0].lines == (
        make_line(amount_cents=-3000, text="een twee", batch_count=2),
    )
    assert [(p.place, p.severity) for p in result.problems] == [("Stmt[1]/Ntry[1]", "warning")]


def test_a_batch_without_details_is_one_line_with_its_batch() -> None:
    (line,) = read(Entry(amount="270.00", batch_id="INCASSO-2026-03"))
    assert line == make_line(
        amount_cents=27000, counter_iban="", counter_name="", batch_id="INCASSO-2026-03"
    )


def test_one_detail_takes_the_amount_that_was_booked() -> None:
    (line,) = read(Entry(amount="99.50", details=[Detail(amount="100.00")]))
    assert line == make_line(amount_cents=9950)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("BETALINGSKENM.  5010002167010010", "5010002167010010"),
        ("Betalingskenmerk 5010 0021 6701 0010 dank", "5010002167010010"),
        ("BETALINGSKENM. 50100021670100101", ""),
        ("factuur 5010002167010010", ""),
    ],
)
def test_a_betalingskenmerk_in_the_text_is_the_reference(text: str, reference: str) -> None:
    (line,) = read(Entry(details=[Detail(texts=[text])]))
    assert line == make_line(text=text, reference=reference)


def test_document_numbers_and_further_references_join_the_text() -> None:
    (line,) = read(
        Entry(
            details=[
                Detail(
                    texts=["dank"],
                    documents=["2026-0412", "C-77"],
                    references=["RF54000000001234", "5010002167010010"],
                )
            ]
        )
    )
    assert line == make_line(
        text="dank 2026-0412 C-77 5010002167010010",
        reference="RF54000000001234",
        further_references=("5010002167010010",),
        documents=(DocumentRecord("2026-0412"), DocumentRecord("C-77")),
    )


@pytest.mark.parametrize("version", ["02", "08"])
def test_what_is_announced_is_pending_and_what_only_informs_is_counted(version: str) -> None:
    content = make_camt(
        Statement(
            entries=[
                Entry(status="PDNG", amount="5.00"),
                Entry(status="PDNG", amount=""),
                Entry(amount="1.00"),
                Entry(status="INFO"),
            ],
            balances=[Balance("OPBD", "0.00"), Balance("CLBD", "1.00")],
        ),
        version=version,
    )
    result = parse(content, name="proef.xml")
    (statement,) = result.statements
    assert [(x.amount_cents, x.is_pending, x.place) for x in statement.lines] == [
        (500, True, "Stmt[1]/Ntry[1]"),
        (100, False, "Stmt[1]/Ntry[3]"),
    ]
    assert statement.balances_ok
    assert [(p.place, p.because.nl, p.severity, p.file) for p in result.problems] == [
        (
            "Stmt[1]",
            (
                "2 regels zijn alleen ter informatie of nog niet definitief. Zij tellen niet als"
                " betaling."
            ),
            "warning",
            "proef.xml",
        )
    ]


def test_the_value_date_stands_in_for_a_missing_booking_date() -> None:
    content = make_camt(Statement(entries=[Entry(booked_on=None, value_on=date(2026, 3, 4))]))
    result = parse(content, name="proef.xml")
    (line,) = result.statements[0].lines
    assert (line.booked_on, line.value_on) == (date(2026, 3, 4), date(2026, 3, 4))
    assert [(p.place, p.severity) for p in result.problems] == [("Stmt[1]/Ntry[1]", "warning")]
