"""Every reason a decision can have, with what it means for people."""

from tijdig.core.problem import Sentence

STOP_PREFIX = "stop_"

REASONS: dict[str, Sentence] = {
    "notice_due": Sentence(
        "Er gaat een bericht vooraf: de factuur vervalt binnenkort.",
        "A notice goes out: the invoice is due soon.",
    ),
    "reminder_due": Sentence(
        "Er gaat een vriendelijke herinnering uit: de factuur is te laat.",
        "A friendly reminder goes out: the invoice is late.",
    ),
    "call_due": Sentence(
        "Het is tijd voor een telefoontje over een factuur die te laat is.",
        "It is time for a phone call about a late invoice.",
    ),
    "veertiendagenbrief_due": Sentence(
        "Er gaat een veertiendagenbrief uit: betalen kan nog zonder incassokosten.",
        "A fourteen-day letter goes out: paying without collection costs is still possible.",
    ),
    "not_in_default": Sentence(
        "De debiteur is volgens de wet nog niet in verzuim; dan mag de brief over kosten niet.",
        "In law the debtor is not in default yet; then the letter about costs may not go.",
    ),
    "bank_not_read": Sentence(
        "De betalingen van de laatste dag van de veertiendagenbrief zijn nog niet ingelezen.",
        "The payments of the last day of the fourteen-day letter were not read yet.",
    ),
    "not_posted": Sentence(
        "Een brief is geprint, maar nog niet als gepost gemeld; tot dan telt hij niet.",
        "A letter was printed, but nobody said yet that it was posted; until then it does not"
        " count.",
    ),
    "last_demand_due": Sentence(
        "Er gaat een laatste aanmaning uit.",
        "A last demand goes out.",
    ),
    "plan_due": Sentence(
        "Er gaat een bericht over de betalingsregeling uit.",
        "A message about the payment plan goes out.",
    ),
    "debit_due": Sentence(
        "Er gaat een aankondiging van een incasso uit.",
        "An announcement of a direct debit goes out.",
    ),
    "case_due": Sentence(
        "Er gaat een antwoord uit op wat de debiteur ons liet weten.",
        "An answer goes out to what the debtor told us.",
    ),
    "nothing_open": Sentence(
        "Er staat niets open.",
        "Nothing is open.",
    ),
    "net_nothing_open": Sentence(
        "Na aftrek van creditnota's en ontvangen geld blijft er niets te betalen.",
        "After credit notes and money received nothing is left to pay.",
    ),
    "no_invoice_open": Sentence(
        "Er staat geen factuur open, alleen bijkomende kosten of rente.",
        "No invoice is open, only additional costs or interest.",
    ),
    "direct_debit": Sentence(
        "Alles wat openstaat wordt automatisch geïncasseerd.",
        "All that is open is collected by direct debit.",
    ),
    STOP_PREFIX: Sentence(
        "De debiteur krijgt nu geen berichten; de reden staat bij het besluit.",
        "The debtor gets no messages now; the decision says why.",
    ),
    "in_doubt_waits": Sentence(
        "Het is niet zeker dat de laatste aanmaning is aangekomen; iemand moet dat nakijken.",
        "It is not certain that the last demand arrived; someone has to check.",
    ),
    "message_waiting": Sentence(
        "Er staat al een bericht klaar dat nog niet weg is.",
        "A message is already waiting to be sent.",
    ),
    "waits_for_facts": Sentence(
        "De stap wacht op verse gegevens van de bank of de boekhouding.",
        "The step waits for fresh data of the bank or the books.",
    ),
    "call_open": Sentence(
        "Er staat nog een telefoontje open.",
        "A phone call is still to be made.",
    ),
    "not_due_yet": Sentence(
        "De oudste factuur is nog niet te laat en de volgende stap komt later.",
        "The oldest invoice is not late yet and the next step comes later.",
    ),
    "between_steps": Sentence(
        "De factuur is te laat; de dag van de volgende stap is er nog niet.",
        "The invoice is late; the day of the next step has not come yet.",
    ),
    "min_gap": Sentence(
        "Het laatste contact is te kort geleden.",
        "The last contact was too short ago.",
    ),
    "term_running": Sentence(
        "De betaaltermijn uit het laatste bericht loopt nog.",
        "The term to pay in the last message has not passed yet.",
    ),
    "not_a_working_day": Sentence(
        "Vandaag is geen werkdag; de stap komt op de eerstvolgende werkdag.",
        "Today is not a working day; the step comes on the next one.",
    ),
    "no_address": Sentence(
        "Er is geen adres bekend waarlangs het bericht kan gaan.",
        "No address is known to which the message can go.",
    ),
    "below_minimum": Sentence(
        "Het bedrag is lager dan het minimum voor een bericht.",
        "The amount is below the minimum for a message.",
    ),
    "after_last_demand": Sentence(
        "Alle stappen zijn gezet; nu is er een beslissing van een mens nodig.",
        "All steps have been taken; now a person has to decide.",
    ),
}


def describe_reason(reason: str) -> Sentence:
    """What a reason code means; every `stop_…` shares one meaning, an unknown code says itself."""
    if reason.startswith(STOP_PREFIX):
        return REASONS[STOP_PREFIX]
    return REASONS.get(reason, Sentence(reason, reason))
