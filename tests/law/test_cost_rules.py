"""Costs beside the scale: after a letter, between businesses, for instalments, with VAT."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tijdig.core.law.agreed_costs import (
    AgreedCosts,
    refuse_bad_agreement,
    refuse_unfit_party,
)
from tijdig.core.law.collection_costs import (
    DefaultedClaim,
    Instalment,
    compute_business_costs,
    compute_collection_costs,
    compute_costs_after_letter,
    compute_instalment_costs,
    may_add_vat,
)
from tijdig.core.law.veertiendagenbrief import LetterDays, compute_letter_days, explain_no_costs
from tijdig.core.problem import Refusal

LAST_DAY = date(2026, 11, 18)
NEXT_DAY = date(2026, 11, 19)
AFTER = {"last_day_on": LAST_DAY, "costs_from_on": NEXT_DAY}
CLAIM = DefaultedClaim(100_00, date(2026, 11, 1))


@pytest.mark.parametrize(
    ("paid", "principal", "costs"),
    [
        ([], 1_200_00, 180_00),
        ([(LAST_DAY, 200_00)], 1_000_00, 150_00),
        ([(NEXT_DAY, 200_00)], 1_200_00, 180_00),
        ([(date(2026, 11, 4), 500_00), (NEXT_DAY, 700_00)], 700_00, 105_00),
        ([(LAST_DAY, 1_199_00)], 1_00, 40_00),
        ([(LAST_DAY, 1_200_00)], 0, 0),
        ([(LAST_DAY, 1_300_00)], 0, 0),
    ],
)
def test_what_is_paid_within_the_term_lowers_the_costs_and_nothing_later(
    paid: list[tuple[date, int]], principal: int, costs: int
) -> None:
    found = compute_costs_after_letter([1_000_00, 200_00], paid, **AFTER)
    assert (found.principal_cents, found.costs_cents) == (principal, costs)


def test_a_negative_payment_is_refused() -> None:
    with pytest.raises(Refusal):
        compute_costs_after_letter([1_000_00], [(LAST_DAY, -1)], **AFTER)


@pytest.mark.parametrize(
    ("service", "reclaims", "stated", "allowed"),
    [
        (True, False, True, True),
        (False, False, True, False),
        (True, True, True, False),
        (True, False, False, False),
    ],
)
def test_vat_needs_every_condition(
    service: bool, reclaims: bool, stated: bool, allowed: bool
) -> None:
    found = may_add_vat(uses_taxed_service=service, can_reclaim_vat=reclaims, is_stated=stated)
    assert found is allowed


def test_a_business_owes_forty_from_the_day_after_without_a_letter() -> None:
    before = compute_business_costs([CLAIM], kind="business", on=date(2026, 10, 31))
    on_the_day = compute_business_costs([CLAIM], kind="business", on=date(2026, 11, 1))
    assert (before.costs_cents, on_the_day.costs_cents) == (0, 40_00)


def test_only_claims_in_default_count_and_they_are_added_up() -> None:
    later = DefaultedClaim(5_000_00, date(2026, 12, 1))
    two = DefaultedClaim(200_00, date(2026, 10, 1))
    found = compute_business_costs([CLAIM, two, later], kind="public_body", on=NEXT_DAY)
    assert (found.principal_cents, found.costs_cents) == (300_00, 45_00)


@pytest.mark.parametrize(
    ("agreed", "costs"),
    [
        (AgreedCosts(Decimal(20)), 40_00),
        (AgreedCosts(Decimal(50)), 50_00),
        (AgreedCosts(Decimal(10), minimum_cents=250_00), 250_00),
        (AgreedCosts(Decimal(0)), 40_00),
    ],
)
def test_businesses_may_agree_otherwise_but_never_under_forty(
    agreed: AgreedCosts, costs: int
) -> None:
    found = compute_business_costs([CLAIM], kind="business", on=NEXT_DAY, agreed=agreed)
    assert found.costs_cents == costs


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        (AgreedCosts(Decimal("-0.01"), ground="artikel 9"), "van 0 tot en met 100"),
        (AgreedCosts(Decimal("100.01"), ground="artikel 9"), "van 0 tot en met 100"),
        (AgreedCosts(Decimal("12.345"), ground="artikel 9"), "twee cijfers"),
        (AgreedCosts(Decimal("NaN"), ground="artikel 9"), "van 0 tot en met 100"),
        (AgreedCosts(Decimal("Infinity"), ground="artikel 9"), "van 0 tot en met 100"),
        (AgreedCosts(Decimal(10), -1, "artikel 9"), "tussen € 0,00 en € 10.000,00"),
        (AgreedCosts(Decimal(10), 1_000_001, "artikel 9"), "tussen € 0,00 en € 10.000,00"),
        (AgreedCosts(Decimal(10), 0, "  "), "waar dit is afgesproken"),
        (AgreedCosts(Decimal(10), 0, "a" * 101), "waar dit is afgesproken"),
    ],
)
def test_an_agreement_out_of_bounds_is_refused_in_plain_words(
    agreed: AgreedCosts, said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        refuse_bad_agreement(agreed)


def test_an_agreement_at_the_bounds_is_taken_and_only_with_who_may_agree() -> None:
    for agreed in (
        AgreedCosts(Decimal(0), 0, "a"),
        AgreedCosts(Decimal(100), 1_000_000, "a" * 100),
    ):
        refuse_bad_agreement(agreed)
    for kind in ("business", "public_body"):
        refuse_unfit_party(kind)
    with pytest.raises(Refusal, match="Met een consument kunt u geen andere incassokosten"):
        refuse_unfit_party("consumer")
    with pytest.raises(Refusal, match="niet bekend of hij een bedrijf is"):
        refuse_unfit_party("unknown")


@pytest.mark.parametrize("kind", ["consumer", "unknown"])
def test_a_consumer_has_no_costs_without_a_letter_whatever_was_agreed(kind: Any) -> None:
    for agreed in (None, AgreedCosts(Decimal(20))):
        with pytest.raises(Refusal, match="veertiendagenbrief"):
            compute_business_costs([CLAIM], kind=kind, on=NEXT_DAY, agreed=agreed)


def make_months(count: int, *charged: int) -> list[Instalment]:
    """Instalments of 100 euro a month from January 2026, with what was asked for each."""
    asked = [*charged, *[0] * count]
    return [Instalment(date(2026, 1 + at, 1), 100_00, asked[at]) for at in range(count)]


@pytest.mark.parametrize(
    ("instalments", "may_ask"),
    [
        (make_months(1), 40_00),
        (make_months(2, 40_00), 0),
        (make_months(3, 40_00), 5_00),
        (make_months(4, 40_00, 0, 5_00), 15_00),
        (make_months(8, 40_00, 0, 5_00, 15_00, 15_00, 15_00), 40_00),
    ],
)
def test_instalments_look_six_months_back_and_take_off_what_was_asked(
    instalments: list[Instalment], may_ask: int
) -> None:
    found = compute_instalment_costs(instalments)
    assert (found.costs_cents, found.needs_review) == (may_ask, True)


def test_with_skipped_letters_only_the_highest_of_one_instalment_is_asked() -> None:
    assert compute_instalment_costs(make_months(5), letters_skipped=True).costs_cents == 40_00


def test_instalments_before_the_rule_are_refused() -> None:
    with pytest.raises(Refusal, match="1 oktober 2024"):
        compute_instalment_costs([Instalment(date(2024, 9, 30), 100_00)])


def test_there_is_no_scale_before_july_2012_and_no_costs_over_nothing() -> None:
    with pytest.raises(Refusal, match="1 juli 2012"):
        compute_collection_costs([100_00], on=date(2012, 6, 30))
    with pytest.raises(Refusal, match="minstens één bedrag"):
        compute_collection_costs([], on=NEXT_DAY)


DAYS = compute_letter_days(date(2026, 11, 2), by="post")


@pytest.mark.parametrize(
    ("today", "void", "bank", "returned", "part"),
    [
        (NEXT_DAY, ("x",), LAST_DAY, False, "niet geldig"),
        (NEXT_DAY, (), LAST_DAY, True, "kwam terug"),
        (LAST_DAY, (), LAST_DAY, False, "nog geen kosten"),
        (NEXT_DAY, (), None, False, "lees ze eerst in"),
        (NEXT_DAY, (), date(2026, 11, 17), False, "lees ze eerst in"),
    ],
)
def test_a_consumer_owes_nothing_without_a_right_expired_letter_and_read_statements(
    today: date, void: tuple[str, ...], bank: date | None, returned: bool, part: str
) -> None:
    because = explain(today, void, bank, returned=returned)
    assert because is not None
    assert part in because


def test_a_consumer_owes_costs_after_a_right_letter_that_expired() -> None:
    assert explain(NEXT_DAY, (), LAST_DAY) is None


def explain(
    today: date, void: tuple[str, ...], bank: date | None, *, returned: bool = False
) -> str | None:
    """The Dutch reason for no costs, or None."""
    because = explain_no_costs(
        today=today, days=DAYS, void_grounds=void, bank_read_until=bank, is_returned=returned
    )
    return because.nl if because else None


def test_the_days_of_a_letter_say_how_they_were_found() -> None:
    assert LetterDays(
        received_on=date(2026, 10, 31),
        last_day_on=date(2026, 11, 16),
        costs_from_on=date(2026, 11, 17),
        margin_days=3,
        printed_on=date(2026, 11, 19),
        is_proven=False,
        because=compute_letter_days(date(2026, 10, 29), by="post").because,
    ) == compute_letter_days(date(2026, 10, 29), by="post")
    assert [one.nl for one in compute_letter_days(date(2026, 10, 29), by="post").because] == [
        (
            "Op de post van 29 oktober 2026; na 2 dagen bezorgd, en nooit op zondag, maandag of een"
            " feestdag: 31 oktober 2026 (HR 25 november 2016, ECLI:NL:HR:2016:2704)."
        ),
        (
            "De termijn van 14 dagen begint op 1 november 2026 en eindigt op 14 november 2026"
            " (BW 6:96 lid 6)."
        ),
        "Dat is geen werkdag: de laatste dag is 16 november 2026 (Algemene termijnenwet art. 1).",
        (
            "Een brief die een dag noemt, geeft 3 dagen meer voor post die laat is, tot en met een"
            " werkdag: 19 november 2026. Dat is onze keuze, niet de wet. De klant heeft dan ook tot"
            " die dag."
        ),
    ]
