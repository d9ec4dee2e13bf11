"""Mandates, sequences and days of SEPA collections: the rules, as stories with their outcome."""

from dataclasses import replace
from datetime import date, time

import pytest

from tijdig.core.direct_debits.banks import DEFAULT_BANK, find_bank, list_known_banks
from tijdig.core.direct_debits.characters import clean_text
from tijdig.core.direct_debits.deadlines import (
    announce_by,
    earliest_collection_day,
    firm_from,
    may_collect,
)
from tijdig.core.direct_debits.mandates import (
    Mandate,
    check_mandate,
    is_same_creditor,
    is_valid_creditor_id,
    is_valid_reference,
    lapses_on,
)
from tijdig.core.direct_debits.sequence import choose_sequence
from tijdig.core.problem import Refusal

TODAY = date(2026, 11, 26)
CREDITOR_ID = "NL69ZZZ123456780000"
ABN = find_bank("NL91ABNA0417164300")


def make_mandate(**changed: object) -> Mandate:
    mandate = Mandate(
        "M-0001", CREDITOR_ID, "core", date(2026, 1, 15), "NL91ABNA0417164300", "J. Jansen"
    )
    return replace(mandate, **changed)  # type: ignore[arg-type]


def judge(mandate: Mandate, today: date = TODAY) -> str:
    found = check_mandate(mandate, today=today)
    return found.code if found else ""


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, ""),
        ({"reference": "M-0001 / 2026 (a), b?c:d.e'f+g"}, ""),
        ({"reference": "A" * 35}, ""),
        ({"reference": "A" * 36}, "reference"),
        ({"reference": ""}, "reference"),
        ({"reference": " M-1"}, "reference"),
        ({"reference": "/M-1"}, "reference"),
        ({"reference": "M//1"}, "reference"),
        ({"reference": "Mé"}, "reference"),
        ({"reference": "M-1\n"}, "reference"),
        ({"creditor_id": "NL68ZZZ123456780000"}, "creditor_id"),
        ({"creditor_id": "NL69ZZZ12345678000"}, "creditor_id"),
        ({"creditor_id": "DE98ZZZ09999999999"}, ""),
        ({"iban": "NL92ABNA0417164300"}, "iban"),
        ({"holder": "  "}, "holder"),
        ({"iban": "CH9300762011623852957"}, ""),
        ({"iban": "CH9300762011623852957", "has_address": False}, "no_address"),
        ({"has_address": False}, ""),
        ({"signed_on": date(2026, 11, 27)}, "not_signed_yet"),
        ({"signed_on": TODAY}, ""),
        ({"scheme": "b2b"}, "b2b_consumer"),
        ({"scheme": "b2b", "debtor_kind": "consumer"}, "b2b_consumer"),
        ({"scheme": "b2b", "debtor_kind": "business"}, ""),
        ({"scheme": "b2b", "debtor_kind": "public_body"}, ""),
        ({"is_one_off": True}, ""),
        ({"is_one_off": True, "collected_times": 1}, "used_up"),
        ({"withdrawn_on": TODAY}, "withdrawn"),
        ({"withdrawn_on": date(2026, 11, 27)}, ""),
        ({"ends_on": date(2026, 11, 25)}, "ended"),
        ({"ends_on": TODAY}, ""),
        ({"signed_on": date(2023, 11, 26)}, "lapsed"),
        ({"signed_on": date(2023, 11, 27)}, ""),
        ({"signed_on": date(2015, 1, 1), "last_collected_on": date(2023, 11, 27)}, ""),
        ({"signed_on": date(2015, 1, 1), "last_collected_on": date(2023, 11, 26)}, "lapsed"),
    ],
)
def test_a_mandate_is_good_or_says_why_not(changed: dict[str, object], code: str) -> None:
    assert judge(make_mandate(**changed)) == code


def test_an_objection_says_what_to_do_in_both_languages() -> None:
    found = check_mandate(make_mandate(signed_on=date(2023, 11, 26)), today=TODAY)
    assert found is not None
    assert found.because.nl == (
        "De machtiging is 36 maanden niet gebruikt en is vervallen sinds 26 november 2026. Vraag"
        " een nieuwe machtiging."
    )
    assert found.because.en == (
        "The mandate was not used for 36 months and has lapsed since 26 November 2026. Ask for a"
        " new mandate."
    )


def test_an_unused_mandate_lives_36_months_also_one_older_than_the_scheme() -> None:
    assert lapses_on(make_mandate(signed_on=date(2024, 2, 29))) == date(2027, 2, 28)
    assert lapses_on(make_mandate(signed_on=date(2001, 5, 1))) == date(2004, 5, 1)


def test_the_code_of_the_creditor_s_own_makes_no_other_creditor() -> None:
    assert is_same_creditor(CREDITOR_ID, "nl69abc123456780000")
    assert not is_same_creditor(CREDITOR_ID, "NL42ZZZ123456780001")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (CREDITOR_ID, True),
        ("nl69 zzz 1234 5678 0000", True),
        ("NL69ABC123456780000", True),  # the business code does not count
        ("NL00ZZZ123456780000", False),
        ("NL", False),
        ("", False),
        ("ＮＬ69ZZZ123456780000", False),
    ],
)
def test_a_creditor_identifier_has_its_check(text: str, valid: bool) -> None:
    assert is_valid_creditor_id(text) is valid


def test_a_reference_with_a_slash_at_its_edge_is_refused() -> None:
    assert [is_valid_reference(one) for one in ("a/b", "a/", "/a", "a b", "a ")] == [
        *(True, False, False),
        *(True, False),
    ]


def test_the_place_in_the_series() -> None:
    fresh, used = make_mandate(), make_mandate(collected_times=3)
    assert [choose_sequence(one) for one in (fresh, used)] == ["RCUR", "RCUR"]
    assert choose_sequence(make_mandate(is_one_off=True)) == "OOFF"


@pytest.mark.parametrize(
    ("today", "at", "first_on"),
    [
        (date(2026, 11, 26), time(9, 0), date(2026, 11, 27)),  # Thursday to Friday
        (date(2026, 11, 26), time(12, 30), date(2026, 11, 30)),  # at the bank's hour: too late
        (date(2026, 11, 27), time(9, 0), date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 28), time(9, 0), date(2026, 12, 1)),  # Saturday counts as Monday
        (date(2026, 12, 24), time(9, 0), date(2026, 12, 28)),  # Christmas is a Friday
        (date(2027, 3, 25), time(9, 0), date(2027, 3, 30)),  # Good Friday and Easter Monday
        (date(2027, 4, 26), time(9, 0), date(2027, 4, 27)),  # King's Day: the banks work
    ],
)
def test_the_first_day_on_which_a_bank_can_collect(today: date, at: time, first_on: date) -> None:
    assert earliest_collection_day(ABN, today=today, at=at) == first_on


def test_rabobank_takes_a_file_of_the_early_morning_for_the_next_day() -> None:
    rabo = find_bank("NL44RABO0123456789")
    assert (rabo.key, rabo.name, rabo.lead_days) == ("rabo", "Rabobank", 1)
    early = earliest_collection_day(rabo, today=TODAY, at=time(6, 59))
    assert early == date(2026, 11, 27)
    assert earliest_collection_day(rabo, today=TODAY, at=time(7, 0)) == date(2026, 11, 30)


def test_the_contract_with_the_bank_goes_before_what_is_known_of_it() -> None:
    rabo = "NL44RABO0123456789"
    own = find_bank(rabo, cut_off=time(0, 0), lead_days=3)
    assert own == replace(find_bank(rabo), cut_off=time(0, 0), lead_days=3)
    assert earliest_collection_day(own, today=TODAY, at=time(0, 0)) == date(2026, 12, 2)
    assert [one.name for one in list_known_banks()] == [
        "ABN AMRO",
        "Deutsche Bank Nederland",
        "Rabobank",
    ]
    assert all(one.source for one in list_known_banks())


def test_a_bank_that_we_do_not_know_gets_a_day_more() -> None:
    assert (ABN.key, ABN.lead_days, ABN.cut_off) == ("abn", 1, time(12, 30))
    assert find_bank("NL20TRIO0001234567") == DEFAULT_BANK
    assert find_bank("DE89370400440532013000") == DEFAULT_BANK
    first_on = earliest_collection_day(DEFAULT_BANK, today=TODAY, at=time(9, 0))
    assert first_on == date(2026, 11, 30)


def test_a_collection_is_announced_fourteen_calendar_days_before() -> None:
    assert announce_by(date(2026, 12, 14)) == date(2026, 11, 30)
    assert announce_by(date(2026, 12, 14), days_agreed=1) == date(2026, 12, 13)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_no_other_term_of_announcement_can_be_agreed(days: int) -> None:
    with pytest.raises(Refusal) as refused:
        announce_by(date(2026, 12, 14), days_agreed=days)
    assert refused.value.because.en == (
        f"A collection is announced 1 to 90 days before, not {days}. Choose another number of days."
    )


@pytest.mark.parametrize(
    ("collect_on", "announced_on", "code"),
    [
        (date(2026, 12, 14), date(2026, 11, 26), ""),
        (date(2026, 12, 10), date(2026, 11, 26), ""),
        (date(2026, 12, 9), date(2026, 11, 26), "announced_late"),
        (date(2026, 12, 14), None, "not_announced"),
        (date(2026, 12, 12), date(2026, 11, 26), "not_a_banking_day"),
        (date(2026, 12, 25), date(2026, 11, 26), "not_a_banking_day"),
        (date(2026, 11, 26), date(2026, 11, 1), "too_early"),
    ],
)
def test_what_may_go_into_a_file(collect_on: date, announced_on: date | None, code: str) -> None:
    found = may_collect(
        make_mandate(),
        collect_on=collect_on,
        announced_on=announced_on,
        bank=ABN,
        today=TODAY,
        at=time(9, 0),
    )
    assert (found.code if found else "") == code


def test_a_mandate_that_lapses_before_the_day_of_collection_is_refused_now() -> None:
    found = may_collect(
        make_mandate(signed_on=date(2023, 12, 10)),
        collect_on=date(2026, 12, 14),
        announced_on=TODAY,
        bank=ABN,
        today=TODAY,
        at=time(9, 0),
    )
    assert found is not None
    assert found.code == "lapsed"


def test_from_when_money_is_firm() -> None:
    collected_on = date(2026, 12, 14)
    # Eight weeks end on Monday 8 February; a refund asked then arrives on the 10th.
    assert firm_from(collected_on, "core") == date(2027, 2, 11)
    assert firm_from(collected_on, "b2b") == date(2026, 12, 18)
    assert firm_from(collected_on, "core", has_mandate=False) == date(2028, 1, 15)
    assert firm_from(collected_on, "b2b", has_mandate=False) == date(2028, 1, 15)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Café Zürich & Søn", "Cafe Zurich + Son"),
        ("Łódź ĳsbeer ß", "Lodz ijsbeer ss"),
        ("€ 1.234,56; “Bakkerij”", "EUR 1.234,56, 'Bakkerij'"),
        ("Иван Петров", "Ivan Petrov"),
        ("Ελένη", "Elene"),
        ("//a//b/", "a/b"),
        ("a\r\nb\tc\x00d", "a b c d"),
        ("<Nm>x</Nm>", "Nm x /Nm"),
        ("😀", ""),
        ("x" * 200, "x" * 70),
    ],
)
def test_texts_in_the_characters_of_sepa(text: str, clean: str) -> None:
    assert clean_text(text, longest=70) == clean
