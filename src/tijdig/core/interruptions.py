"""What interrupts the limitation of a claim: the acts of the law, and what each has to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tijdig.core.calendar import format_day
from tijdig.core.problem import Refusal, Sentence


@dataclass(frozen=True, slots=True)
class InterruptionRule:
    """One kind of act: its name, its article, which day counts, and whether the debtor did it."""

    name: Sentence
    article: str
    day: Sentence
    is_acknowledgement: bool = False


INTERRUPTION_RULES: Final[Mapping[str, InterruptionRule]] = {
    "demand": InterruptionRule(
        Sentence(
            "schriftelijke aanmaning, of brief waarin u uw recht op nakoming voorbehoudt",
            "written demand, or letter that reserves your right to payment",
        ),
        "BW 3:317 lid 1",
        Sentence(
            "de dag waarop de brief de klant bereikte", "the day on which it reached the customer"
        ),
    ),
    "acknowledgement": InterruptionRule(
        Sentence("erkenning door de klant", "acknowledgement by the customer"),
        "BW 3:318",
        Sentence(
            "de dag waarop de klant de schuld erkende",
            "the day on which the customer acknowledged the debt",
        ),
        is_acknowledgement=True,
    ),
    "action": InterruptionRule(
        Sentence("dagvaarding of andere eis bij de rechter", "claim in court"),
        "BW 3:316 lid 1",
        Sentence("de dag waarop de eis is ingesteld", "the day on which the claim was filed"),
    ),
}


def get_interruption_rule(kind: str) -> InterruptionRule:
    """The rule of a kind of act. Refuses an unknown kind."""
    rule = INTERRUPTION_RULES.get(kind)
    if rule is None:
        raise Refusal("Kies wat er is gebeurd.", "Choose what happened.")
    return rule


def refuse_bad_interruption(
    kind: str, on: date, *, due_days: Mapping[str, date], has_proof: bool, today: date
) -> None:
    """Refuses: an unknown kind, no claim, a day ahead or before a claim was due, and no proof.

    `due_days` holds the last day to pay of each claim by its number. Law: BW 3:316-318, 3:37 lid 3.
    """
    rule = get_interruption_rule(kind)
    if not due_days:
        raise Refusal(
            "Kies de facturen waar het over gaat.", "Choose the invoices that it is about."
        )
    if on > today:
        raise Refusal(
            f"De dag {format_day(on, 'nl')} ligt in de toekomst. Vul in: {rule.day.nl}.",
            f"The day {format_day(on, 'en')} lies ahead. Fill in: {rule.day.en}.",
        )
    for number, due_on in sorted(due_days.items()):
        if on < due_on:
            raise Refusal(
                f"Factuur {number} was op {format_day(on, 'nl')} nog niet te betalen: dat moest"
                f" tot en met {format_day(due_on, 'nl')}. De verjaring liep nog niet.",
                f"Invoice {number} was not due yet on {format_day(on, 'en')}: that was until"
                f" {format_day(due_on, 'en')}. Its limitation did not run yet.",
            )
    if not has_proof:
        raise Refusal(
            "Voeg het bewijs toe als bestand, of schrijf op waar het ligt. Zonder bewijs telt de"
            " stuiting niet.",
            "Add the proof as a file, or write where it is. Without proof the interruption does"
            " not count.",
        )


def tell_interruption(kind: str, on: date, *, by: str, proof: str) -> Sentence:
    """The act in one sentence, with its article, who recorded it, and where the proof is."""
    rule = get_interruption_rule(kind)
    return Sentence(
        f"{format_day(on, 'nl')}: {rule.name.nl} ({rule.article}). Bewijs: {proof}, vastgelegd"
        f" door {by}.",
        f"{format_day(on, 'en')}: {rule.name.en} ({rule.article}). Proof: {proof}, recorded by"
        f" {by}.",
    )
