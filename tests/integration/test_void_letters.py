"""A letter with any of the known flaws that was really sent and has expired brings no costs."""

from datetime import date, timedelta

from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    make_school,
    post_letters,
    read_bank,
    sent,
)

from tijdig.dunning.actions.answers import answer_message
from tijdig.dunning.actions.days import send
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Notice
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Entry
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope

TERM = "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd"
WARNING = "Betaalt u niet binnen die tijd? Dan moet u ook incassokosten betalen."
COSTS = "Die kosten zijn € 40,00."
ASKED = "om € 121,00 te betalen"
# Every ground of the list but the day of default, which the words do not tell: what our letter
# says, and what stands there instead. Costs over the interest too are an amount that is too high.
FLAWS = {
    "no_term": (TERM, "snel"),
    "term_too_short": (TERM, f"{TERM}, en liever binnen zeven dagen"),
    "start_unclear": (TERM, "binnen 14 dagen na dagtekening"),
    "date_too_early": ("13 april 2026", "2 april 2026"),
    "no_warning": (f"{WARNING} {COSTS}", COSTS),
    "no_exact_amount": (COSTS, "Die kosten zijn maximaal € 40,00."),
    "amount_too_high": (COSTS, "Die kosten zijn € 48,40."),
    "over_interest": (COSTS, "Die kosten zijn € 52,50. Ze gaan ook over de rente."),
    "vat_not_explained": (COSTS, f"{COSTS} Daar zit 21% btw in."),
    "two_amounts": (ASKED, "om € 121,00 of € 161,00 te betalen"),
    "two_accounts": (COSTS, f"{COSTS} Of betaal op NL20 INGB 0001 2345 67."),
    "": (COSTS, COSTS),
}
KEPT_AS = {"over_interest": "amount_too_high"}


def change_words(number: str, said: str, instead: str) -> None:
    """The letter of a pupil goes out with these words in the place of what it says."""
    body = MessageBody.objects.get(
        message__step_key="veertiendagenbrief", message__debtor__number=number
    )
    assert said in body.text
    MessageBody.objects.filter(id=body.id).update(text=body.text.replace(said, instead))


def outcome_of(number: str) -> tuple[str, list[str], int]:
    """Why the letter of a pupil is void, all that he got, and the costs that he owes."""
    letters = Notice.objects.filter(kind="veertiendagenbrief", debtor__number=number)
    got = Message.objects.filter(debtor__number=number, state="accepted").order_by("id")
    costs = Entry.objects.filter(kind="costs", open_item__debtor__number=number)
    return (
        letters.order_by("id")[0].void_because,
        list(got.values_list("step_key", flat=True)),
        sum(costs.values_list("cents", flat=True)),
    )


def test_a_letter_with_a_flaw_that_was_sent_and_expired_brings_no_costs(database: None) -> None:
    administration = make_school()
    pupils = {f"30{n:02d}": flaw for n, flaw in enumerate(FLAWS)}
    for number in pupils:
        record = make_record(f"F-{number}", due_on=DUE_ON, debtor=make_pupil(number))
        take_in(administration, record)
    live(administration, date(2026, 3, 9), LETTER_ON - timedelta(days=1))
    read_bank(administration, LETTER_ON - timedelta(days=1))
    run(administration, today=LETTER_ON, now=at(LETTER_ON))
    with administration_scope(administration):
        for number, flaw in pupils.items():
            change_words(number, *FLAWS[flaw])
    assert send(administration, today=LETTER_ON, clock=lambda: at(LETTER_ON))["accepted"] == 12
    post_letters(administration, LETTER_ON)
    live(administration, LETTER_ON + timedelta(days=1), DEMAND_ON)
    with administration_scope(administration):
        found = {flaw: outcome_of(number) for number, flaw in pupils.items()}
    # A new and right letter takes the place of a void one; only the right one brings costs.
    again = ["reminder", "veertiendagenbrief", "veertiendagenbrief_2"]
    expected = {flaw: (KEPT_AS.get(flaw, flaw), again, 0) for flaw in FLAWS}
    assert found == expected | {"": ("", ["reminder", "veertiendagenbrief", "last_demand"], 4_000)}


def test_a_letter_about_two_invoices_is_right_and_is_not_sent_again(database: None) -> None:
    # A simulated year: the year in "02-03-2026  € 121,00" was read as a second amount.
    administration = make_school()
    records = [make_record(f"F-{n}", due_on=DUE_ON, debtor=make_pupil()) for n in range(2)]
    take_in(administration, *records)
    live(administration, date(2026, 3, 9), DEMAND_ON)
    with administration_scope(administration):
        letters = Notice.objects.filter(kind="veertiendagenbrief")
        assert list(letters.values_list("amount_cents", "void_because")) == [(12_100, "")] * 2
    assert [step for _, step, _ in sent(administration)] == [
        "reminder",
        "veertiendagenbrief",
        "last_demand",
    ]
    assert lines(administration) == [("costs", 4_000, DEMAND_ON)]


def test_before_default_no_letter_goes_and_no_costs_come(database: None) -> None:
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), date(2026, 3, 10))
    with administration_scope(administration):
        told = {"today": date(2026, 3, 11), "now": at(date(2026, 3, 11)), "actor": "Sanne"}
        reminder = Message.objects.get(step_key="reminder")
        answer_message(reminder.id, told="came_back", **told)  # type: ignore[arg-type]
        moved = {"street": "Nieuwe weg 3"}
        change_contact(reminder.debtor_id, moved, **told)  # type: ignore[arg-type]
    live(administration, date(2026, 3, 11), LETTER_ON)
    assert [step for _, step, _ in sent(administration)] == ["reminder", "reminder_anew"]
    assert lines(administration) == []
