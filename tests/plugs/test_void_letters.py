"""A letter with any of the known flaws does not go out, and would bring no costs."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.plugs.compositions import LANGUAGES, make_composition, make_item

from tijdig.core.claims import compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.law.collection_costs import compute_collection_costs
from tijdig.core.letter_steps import compute_days_of_letter
from tijdig.core.notices import PastNotice
from tijdig.core.problem import Refusal
from tijdig.dunning.letter_check import find_void_grounds, refuse_void_letter
from tijdig.messaging.composition import Composition
from tijdig.messaging.texts import fill_text, load_text

SENT_ON = date(2026, 4, 7)
DEFAULT_FROM = date(2026, 3, 26)
DAYS = compute_days_of_letter(SENT_ON, "letter")
TERM = (
    'Doe dat binnen veertien dagen vanaf de dag nadat deze {% if for_letter != "" %}brief'
    "{% else %}e-mail{% endif %} bij u is bezorgd."
)
COSTS = "Die kosten zijn **{{ new_costs }}**."


def make_letter(language: str = "nl", *, adds_vat: bool = False, **changes: object) -> Composition:
    """A right letter about € 245,60."""
    costs = compute_collection_costs([24_560], on=SENT_ON, adds_vat=adds_vat)
    letter = make_composition(
        "veertiendagenbrief",
        language=language,
        written_on=SENT_ON,
        pay_by_on=DAYS.printed_on,
        new_costs_cents=costs.total_cents,
        new_vat_cents=costs.vat_cents,
    )
    return replace(letter, **changes)  # type: ignore[arg-type]


def grounds_of(
    letter: Composition,
    *,
    said: str = "",
    instead: str = "",
    in_default_from: date | None = DEFAULT_FROM,
) -> set[str]:
    """Why the letter is void, with `instead` in the place of what the text says."""
    source = load_text("veertiendagenbrief", letter.addressee.language)
    assert said in source
    document = fill_text(source.replace(said, instead or said), letter, for_letter=True)
    found = find_void_grounds(document, letter, channel="letter", in_default_from=in_default_from)
    return {ground.code for ground in found}


@pytest.mark.parametrize("adds_vat", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_that_we_send_is_right(language: str, adds_vat: bool) -> None:
    letter = make_letter(language, adds_vat=adds_vat)
    assert grounds_of(letter) == set()
    refuse_void_letter(letter, channel="letter", in_default_from=DEFAULT_FROM)
    refuse_void_letter(letter, channel="email", in_default_from=DEFAULT_FROM)


@pytest.mark.parametrize("language", LANGUAGES)
def test_several_invoices_and_a_credit_note_are_one_amount(language: str) -> None:
    items = (
        make_item(),
        make_item("2026-0431", open_cents=100_000),
        make_item("C-1", open_cents=-2_500),
    )
    total = sum(item.open_cents for item in items)
    costs = compute_collection_costs([total], on=SENT_ON)
    letter = make_letter(
        language, items=items, total_cents=total, new_costs_cents=costs.total_cents
    )
    assert grounds_of(letter) == set()


# Every row of the list of flaws: the words that we use, and what stands there instead.
FLAWS = {
    "no term": (TERM, "Doe dat snel.", "no_term"),
    "a shorter term": (TERM, TERM.replace("veertien", "zeven"), "term_too_short"),
    "from the date of the letter": (
        TERM,
        "Doe dat binnen 14 dagen na dagtekening.",
        "start_unclear",
    ),
    "from today": (TERM, "Doe dat binnen 14 dagen na heden.", "start_unclear"),
    "from the sending": (TERM, "Doe dat binnen 14 dagen na verzending.", "start_unclear"),
    "no costs named": (COSTS, "Die kosten zijn hoog.", "no_exact_amount"),
    "up to a maximum": (COSTS, "Die kosten zijn maximaal {{ new_costs }}.", "no_exact_amount"),
    "a second account": (
        COSTS,
        COSTS + " U kunt ook betalen op NL20 INGB 0001 2345 67.",
        "two_accounts",
    ),
    "a second amount": (
        "om **{{ total }}** te",
        "om **{{ total }}** of € 300,00 te",
        "two_amounts",
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_in_the_words_makes_it_void(flaw: str) -> None:
    said, instead, ground = FLAWS[flaw]
    assert ground in grounds_of(make_letter(), said=said, instead=instead)


@pytest.mark.parametrize(
    ("changes", "in_default_from", "ground"),
    [
        ({}, None, "before_default"),
        ({}, date(2026, 4, 8), "before_default"),
        ({"new_costs_cents": 4_001}, DEFAULT_FROM, "amount_too_high"),
        ({"new_costs_cents": 4_840}, DEFAULT_FROM, "amount_too_high"),
        ({"pay_by_on": date(2026, 4, 20)}, DEFAULT_FROM, "date_too_early"),
    ],
)
def test_a_flaw_in_the_facts_makes_it_void(
    changes: dict[str, object], in_default_from: date | None, ground: str
) -> None:
    letter = make_letter(**changes)
    assert ground in grounds_of(letter, in_default_from=in_default_from)
    with pytest.raises(Refusal, match="niet geldig"):
        refuse_void_letter(letter, channel="letter", in_default_from=in_default_from)


def test_a_void_letter_brings_nothing_and_the_right_one_the_costs_of_the_decree() -> None:
    invoice = OpenItem(UUID(int=1), "1", "invoice", date(2026, 2, 1), date(2026, 3, 2), 24_560)
    letter = PastNotice(
        kind="veertiendagenbrief",
        item_id=invoice.item_id,
        message_id=UUID(int=2),
        amount_cents=24_560,
        sent_on=SENT_ON,
        received_on=DAYS.received_on,
        last_day=DAYS.printed_on,
        costs_cents=4_000,
    )

    reminder = replace(
        letter,
        kind="ingebrekestelling",
        message_id=UUID(int=1),
        sent_on=date(2026, 3, 9),
        received_on=date(2026, 3, 9),
        last_day=date(2026, 3, 16),
        costs_cents=0,
    )

    def claimed(*notices: PastNotice) -> int:
        facts = DebtorFacts(UUID(int=9), "D1", "Ouder", "consumer", (invoice,), notices=notices)
        claims = compute_due_claims(
            facts, CreditorRules(), balances={invoice.item_id: 24_560}, today=date(2026, 6, 1)
        )
        return sum(claim.cents for claim in claims)

    assert claimed(reminder, letter) == 4_000
    assert claimed(letter) == 0  # Nothing put him in default before it (BW 6:82, 6:96 lid 6).
    for changes in (
        {"is_void": True},
        {"received_on": None},
        {"is_bank_read": False},
        {"last_day": date(2026, 6, 1)},
        {"costs_cents": 0},
        {"kind": "ingebrekestelling"},
    ):
        assert claimed(reminder, replace(letter, **changes)) == 0  # type: ignore[arg-type]
