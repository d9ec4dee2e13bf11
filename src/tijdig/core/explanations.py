"""Why a decision is what it is: one Dutch and one English sentence, with numbers and dates."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from tijdig.core.calendar import format_day
from tijdig.core.email_addresses import is_email_address
from tijdig.core.facts import DebtorFacts, OpenItem, PastContact
from tijdig.core.money import format_euros
from tijdig.core.policy import Channel, Phase, Policy, Step
from tijdig.core.problem import Sentence

# A run says the same of a few hundred due dates.
_DAYS_KEPT = 4096

_STEPS: dict[Phase, tuple[str, str]] = {
    "before_due": ("bericht vooraf", "notice"),
    "reminder": ("herinnering", "reminder"),
    "call": ("telefoontje", "phone call"),
    "veertiendagenbrief": ("veertiendagenbrief", "fourteen-day letter"),
    "last_demand": ("laatste aanmaning", "last demand"),
    "plan": ("bericht over de regeling", "message about the plan"),
    "debit": ("aankondiging van een incasso", "announcement of a direct debit"),
    "case": ("antwoord", "answer"),
}
_BY: dict[Channel, tuple[str, str]] = {
    "email": (" per e-mail", " by e-mail"),
    "letter": (" per brief", " by letter"),
    "phone": ("", ""),
}


def explain_step(
    step: Step, channel: Channel, item: OpenItem, *, total_cents: int, rows: int, today: date
) -> Sentence:
    """What goes out now, about which invoice, and the total where more than one row is listed."""
    begins_nl, begins_en = _begin(step.phase, channel)
    amount = format_euros(item.open_cents)
    nl, en = _say_lateness(item.due_on, today)
    more_nl, more_en = "", ""
    if rows > 1:
        total = format_euros(total_cents)
        more_nl = f"; met alles erbij gaat het om {total}"
        more_en = f"; with all the rest it comes to {total}"
        if total_cents < item.open_cents:
            more_nl = f"; na aftrek van tegoed gaat het om {total}"
            more_en = f"; after what the customer has in credit it comes to {total}"
    return Sentence(
        f"{begins_nl}: factuur {item.number} ({amount}) {nl}{more_nl}.",
        f"{begins_en}: invoice {item.number} ({amount}) {en}{more_en}.",
    )


def add_unknown_phone(because: Sentence) -> Sentence:
    """The same, with the request to look the number up."""
    return Sentence(
        f"{because.nl} Het telefoonnummer is niet bekend: zoek het nummer op.",
        f"{because.en} The phone number is not known: look it up.",
    )


def add_lapsed_call(because: Sentence, call: PastContact, policy: Policy) -> Sentence:
    """The same, after the statement that a call was not made in time."""
    working_days = max(policy.call_lapse_working_days, 1)
    nl, en = ("dag", "day") if working_days == 1 else ("dagen", "days")
    return Sentence(
        f"Het telefoontje van {_nl(call.on)} is niet binnen {working_days} werk{nl} gedaan;"
        f" we gaan verder. {because.nl}",
        f"The phone call of {_en(call.on)} was not made within {working_days} working {en};"
        f" we go on. {because.en}",
    )


def add_came_back(because: Sentence, on: date, *, goes_anew: bool) -> Sentence:
    """The same, with the message that did not reach him, and whether its step goes anew."""
    nl, en = (", dus die stap gaat opnieuw", ", so that step goes again") if goes_anew else ("", "")
    return Sentence(
        f"{because.nl} Het bericht van {_nl(on)} kwam terug{nl}.",
        f"{because.en} The message of {_en(on)} came back{en}.",
    )


def add_extension(because: Sentence, item: OpenItem) -> Sentence:
    """The same, with the due date that was agreed later than the one on the paper."""
    if item.extended_from_on is None:
        return because
    by = (f" door {item.extended_by}", f" by {item.extended_by}") if item.extended_by else ("", "")
    return Sentence(
        f"{because.nl} Voor factuur {item.number} is{by[0]} uitstel gegeven: van"
        f" {_nl(item.extended_from_on)} naar {_nl(item.due_on)}.",
        f"{because.en} Invoice {item.number} was extended{by[1]} from"
        f" {_en(item.extended_from_on)} to {_en(item.due_on)}.",
    )


def explain_nothing_open() -> Sentence:
    """Nothing to pay and nothing to use."""
    return Sentence(
        "Niets gedaan: er staat niets open.",
        "Nothing done: nothing is open.",
    )


def explain_net_nothing(owed_cents: int, credit_cents: int) -> Sentence:
    """Credits (a positive number of cents here) cover all that is owed."""
    owed, credit = format_euros(owed_cents), format_euros(credit_cents)
    return Sentence(
        f"Niets gedaan: er staat {owed} open en daar gaat {credit} aan creditnota's en"
        " ontvangen geld vanaf.",
        f"Nothing done: {owed} is open, and {credit} of credit notes and money received"
        " is set off against it.",
    )


def explain_no_invoice(total_cents: int) -> Sentence:
    """What is left to pay is not an invoice, so it carries no step."""
    total = format_euros(total_cents)
    return Sentence(
        f"Niets gedaan: er staat geen factuur open, alleen {total} aan andere posten.",
        f"Nothing done: no invoice is open, only {total} of other items.",
    )


def explain_direct_debit(item: OpenItem, from_on: date) -> Sentence:
    """All that is open is being collected."""
    return Sentence(
        f"Niets gedaan: factuur {item.number} wordt automatisch geïncasseerd; is hij op"
        f" {_nl(from_on)} nog niet betaald, dan telt hij mee.",
        f"Nothing done: invoice {item.number} is collected by direct debit; if it is still"
        f" unpaid on {_en(from_on)}, it counts.",
    )


def explain_in_doubt(contact: PastContact) -> Sentence:
    """Nobody knows whether a message with legal effect went out."""
    is_letter = contact.step_key.startswith("veertiendagenbrief")
    name = _STEPS["veertiendagenbrief" if is_letter else "last_demand"]
    return Sentence(
        f"Niets gedaan: het is niet zeker dat de {name[0]} van {_nl(contact.on)} is"
        " verstuurd. Kijk dit eerst na.",
        f"Nothing done: it is not certain that the {name[1]} of {_en(contact.on)} was sent."
        " Check this first.",
    )


def explain_waiting(contact: PastContact) -> Sentence:
    """A message is under way already, or a person decides whether it goes."""
    nl, en = _nl(contact.on), _en(contact.on)
    if contact.held_for == "taken_back":
        return Sentence(
            f"Niets gedaan: iemand hield het bericht van {nl} tegen. Kies of het alsnog gaat.",
            f"Nothing done: somebody held the message of {en} back. Choose whether it goes.",
        )
    if contact.held_for:
        return Sentence(
            f"Niets gedaan: het bericht van {nl} wacht op iemand. Kijk bij Berichten waarom.",
            f"Nothing done: the message of {en} waits for somebody. See at Messages why.",
        )
    return Sentence(
        f"Niets gedaan: er staat al een bericht van {_nl(contact.on)} klaar om te versturen.",
        f"Nothing done: a message of {_en(contact.on)} is already waiting to be sent.",
    )


def explain_waiting_for_creditor(contact: PastContact) -> Sentence:
    """A message waits for the creditor's own staff, for who acts for him has no registration."""
    return Sentence(
        f"Niets gedaan: het bericht van {_nl(contact.on)} wacht tot iemand van de schuldeiser zelf"
        " het vrijgeeft. Wie voor hem int, heeft geen Wki-registratie (Wki art. 4, 11).",
        f"Nothing done: the message of {_en(contact.on)} waits until the creditor's own staff"
        " release it. Who collects for him has no Wki registration (Wki art. 4, 11).",
    )


def add_creditor_releases(because: Sentence) -> Sentence:
    """The message goes only once the creditor's own staff let it."""
    return Sentence(
        f"{because.nl} Het gaat pas weg als iemand van de schuldeiser zelf het vrijgeeft (Wki art."
        " 4, 11).",
        f"{because.en} It goes only once the creditor's own staff release it (Wki art. 4, 11).",
    )


def add_creditor_calls(because: Sentence) -> Sentence:
    """Only the creditor's own staff make the call."""
    return Sentence(
        f"{because.nl} Alleen iemand van de schuldeiser zelf belt: wie voor hem int, heeft geen"
        " Wki-registratie (Wki art. 4, 11).",
        f"{because.en} Only the creditor's own staff make this call: who collects for him has no"
        " Wki registration (Wki art. 4, 11).",
    )


def add_foreign(because: Sentence, numbers: Sequence[str]) -> Sentence:
    """What is late in another currency is for a person."""
    named = ", ".join(sorted(numbers))
    return Sentence(
        f"{because.nl} Ook te laat, maar niet in euro: {named}. Daar vraagt Tijdig niet om.",
        f"{because.en} Also late, but not in euros: {named}. Tijdig does not ask for it.",
    )


def explain_open_call(call: PastContact, lapses_on: date) -> Sentence:
    """A call has been asked for and may still be made."""
    return Sentence(
        f"Niets gedaan: het telefoontje van {_nl(call.on)} staat nog open; op"
        f" {_nl(lapses_on)} gaan we zonder verder.",
        f"Nothing done: the phone call of {_en(call.on)} is still to be made; on"
        f" {_en(lapses_on)} we go on without it.",
    )


def explain_step_ahead(
    item: OpenItem, step: Step, from_on: date, *, today: date, entering: bool
) -> Sentence:
    """A step lies ahead: the first one for an invoice that is not late, or the next."""
    if entering and today <= item.due_on:
        return Sentence(
            f"Niets gedaan: de oudste open factuur {item.number} vervalt op {_nl(item.due_on)};"
            f" de eerste stap is op {_nl(from_on)}.",
            f"Nothing done: the oldest open invoice {item.number} is due on {_en(item.due_on)};"
            f" the first step is on {_en(from_on)}.",
        )
    nl, en = _say_lateness(item.due_on, today)
    name = _STEPS[step.phase]
    return Sentence(
        f"Niets gedaan: factuur {item.number} {nl}; de volgende stap ({name[0]}) is op"
        f" {_nl(from_on)}.",
        f"Nothing done: invoice {item.number} {en}; the next step ({name[1]}) is on"
        f" {_en(from_on)}.",
    )


def explain_gap(last_on: date, gap_days: int, from_on: date) -> Sentence:
    """The debtor heard from us too short ago."""
    return Sentence(
        f"Niets gedaan: het laatste contact is van {_nl(last_on)}. Er zitten minstens"
        f" {gap_days} dagen tussen; de volgende stap is op {_nl(from_on)}.",
        f"Nothing done: the last contact is of {_en(last_on)}. At least {gap_days} days lie"
        f" between; the next step is on {_en(from_on)}.",
    )


def explain_term(pay_by_on: date, from_on: date) -> Sentence:
    """The term that we gave has to pass first, and the bank tells of its last day a day later."""
    return Sentence(
        f"Niets gedaan: de debiteur kreeg tijd tot en met {_nl(pay_by_on)} en een betaling van die"
        f" dag zien we op de eerste werkdag erna; de volgende stap is op {_nl(from_on)}.",
        f"Nothing done: the debtor was given until {_en(pay_by_on)} and we see a payment of that"
        f" day on the first working day after it; the next step is on {_en(from_on)}.",
    )


def explain_day_off(item: OpenItem, step: Step, from_on: date, *, today: date) -> Sentence:
    """A step is due, but not on this day."""
    name = _STEPS[step.phase]
    return Sentence(
        f"Niets gedaan: {_nl(today)} is geen werkdag; de stap ({name[0]}) voor factuur"
        f" {item.number} is op {_nl(from_on)}.",
        f"Nothing done: {_en(today)} is not a working day; the step ({name[1]}) for invoice"
        f" {item.number} is on {_en(from_on)}.",
    )


def explain_no_address(step: Step, facts: DebtorFacts) -> Sentence:
    """What is missing for each channel of the step."""
    nl, en = _STEPS[step.phase]
    missing: list[tuple[str, str]] = []
    if "email" in step.channels and facts.email and facts.email_failed:
        missing.append(("e-mail naar het bekende adres kwam terug", "e-mail came back"))
    elif "email" in step.channels and facts.email and not is_email_address(facts.email):
        missing.append(
            (
                f"het e-mailadres {facts.email} kan niet kloppen",
                f"the e-mail address {facts.email} cannot be right",
            )
        )
    elif "email" in step.channels:
        missing.append(("er is geen e-mailadres bekend", "no e-mail address is known"))
    if "letter" in step.channels:
        missing.append(("er is geen postadres bekend", "no postal address is known"))
    if not missing:
        missing.append(("er is geen kanaal voor deze stap", "there is no channel for this step"))
    return Sentence(
        f"Niets gedaan: de stap ({nl}) kan niet, want {' en '.join(one[0] for one in missing)}.",
        f"Nothing done: the step ({en}) cannot go out: {' and '.join(one[1] for one in missing)}.",
    )


def explain_below_minimum(total_cents: int, minimum_cents: int) -> Sentence:
    """Too little to write about."""
    total, minimum = format_euros(total_cents), format_euros(minimum_cents)
    return Sentence(
        f"Niets gedaan: het gaat om {total}, minder dan het minimum van {minimum}.",
        f"Nothing done: it comes to {total}, less than the minimum of {minimum}.",
    )


def explain_after_last(item: OpenItem, last: PastContact | None, *, today: date) -> Sentence:
    """All steps have been taken, and how the term of the last one stands."""
    if last is None:
        return Sentence(
            f"Niets gedaan: het beleid heeft geen stap voor factuur {item.number}.",
            f"Nothing done: the policy has no step for invoice {item.number}.",
        )
    if last.pay_by_on is None:
        return Sentence(
            f"Niets gedaan: de laatste stap voor factuur {item.number} was op {_nl(last.on)}."
            " Beslis wat er nu gebeurt.",
            f"Nothing done: the last step for invoice {item.number} was on {_en(last.on)}."
            " Decide what happens now.",
        )
    if today <= item.due_on:
        return Sentence(
            f"Niets gedaan: factuur {item.number} vervalt op {_nl(item.due_on)}; alle stappen zijn"
            " al gedaan.",
            f"Nothing done: invoice {item.number} is due on {_en(item.due_on)}; all steps have"
            " been taken already.",
        )
    if today <= last.pay_by_on:
        return Sentence(
            f"Niets gedaan: de laatste termijn voor factuur {item.number} loopt tot en met"
            f" {_nl(last.pay_by_on)}.",
            f"Nothing done: the last term for invoice {item.number} runs until"
            f" {_en(last.pay_by_on)}.",
        )
    return Sentence(
        f"Niets gedaan: de laatste termijn voor factuur {item.number} is na"
        f" {_nl(last.pay_by_on)} verlopen. Beslis wat er nu gebeurt.",
        f"Nothing done: the last term for invoice {item.number} ended on {_en(last.pay_by_on)}."
        " Decide what happens now.",
    )


def explain_not_in_default(item: OpenItem, state: Sentence) -> Sentence:
    """The letter about costs cannot go out: the debtor is not in default."""
    return Sentence(
        f"Niets gedaan: de veertiendagenbrief voor factuur {item.number} kan nog niet. {state.nl}",
        f"Nothing done: the fourteen-day letter for invoice {item.number} cannot go yet."
        f" {state.en}",
    )


def explain_bank_not_read(last_day: date) -> Sentence:
    """The term of the letter is over, but money of its last day may not have been seen."""
    return Sentence(
        f"Niets gedaan: de veertiendagenbrief liep tot en met {_nl(last_day)}, en de betalingen tot"
        " en met die dag zijn nog niet allemaal binnen. Lees eerst de bankafschriften in, vanaf de"
        " dag na ontvangst, van de rekening in de brief.",
        f"Nothing done: the fourteen-day letter ran until {_en(last_day)}, and the payments up to"
        " that day are not all in yet. Read the bank statements first, from the day after receipt,"
        " of the account that the letter names.",
    )


def explain_not_posted(printed_on: date) -> Sentence:
    """A letter was printed, and nobody said that it was posted: until then it does not count."""
    return Sentence(
        f"Niets gedaan: de brief van {_nl(printed_on)} is geprint, maar nog niet als gepost gemeld."
        " Tot dan telt hij niet en loopt er geen termijn. Zeg bij Brieven op de post op welke dag"
        " hij is gepost.",
        f"Nothing done: the letter of {_en(printed_on)} was printed, but nobody said yet that it"
        " was posted. Until then it does not count and no term runs. Say under Letters in the post"
        " on which day it was posted.",
    )


def add_new_costs(because: Sentence, costs_cents: int, last_day: date) -> Sentence:
    """The same, with the costs that the letter names and the last day to pay without them."""
    costs = format_euros(costs_cents)
    return Sentence(
        f"{because.nl} Na {_nl(last_day)} komt er {costs} aan incassokosten bij.",
        f"{because.en} After {_en(last_day)} collection costs of {costs} are added.",
    )


@lru_cache(maxsize=len(_STEPS) * len(_BY))
def _begin(phase: Phase, channel: Channel) -> tuple[str, str]:
    name, by = _STEPS[phase], _BY[channel]
    return f"{name[0].capitalize()}{by[0]}", f"{name[1].capitalize()}{by[1]}"


@lru_cache(maxsize=_DAYS_KEPT)
def _say_lateness(due_on: date, today: date) -> tuple[str, str]:
    late = (today - due_on).days
    if late == 1:
        return "is 1 dag te laat", "is 1 day late"
    if late > 0:
        return f"is {late} dagen te laat", f"is {late} days late"
    return f"vervalt op {_nl(due_on)}", f"is due on {_en(due_on)}"


def _nl(day: date) -> str:
    return format_day(day, "nl")


def _en(day: date) -> str:
    return format_day(day, "en")
