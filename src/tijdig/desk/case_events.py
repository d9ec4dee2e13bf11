"""What happened to cases, and the stops they are, in the words of the timeline and of Waarom."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tijdig.core.flags import FLAGS
from tijdig.core.unpaid import UNPAID_REASONS
from tijdig.web.language import say

CASE_EVENTS: Mapping[str, str | Promise] = {
    "dispute_opened": _("Betwisting vastgelegd"),
    "dispute_accepted": _("Betwisting: de klant heeft gelijk"),
    "dispute_declined": _("Betwisting afgewezen"),
    "dispute_withdrawn": _("Betwisting ingetrokken"),
    "dispute_taken_back": _("Antwoord op een betwisting teruggenomen"),
    "dispute_credited": _("Betwisting: creditnota gemaakt"),
    "dispute_settled": _("Betwisting: gecrediteerd volgens de boeken"),
    "dispute_unsettled": _("Betwisting: creditnota is er niet meer"),
    "promise_made": _("Toezegging"),
    "promise_kept": _("Toezegging nagekomen"),
    "promise_broken": _("Toezegging niet nagekomen"),
    "promise_open_again": _("Toezegging staat weer open"),
    "promise_withdrawn": _("Toezegging ingetrokken"),
    "promise_handled": _("Toezegging opgevolgd"),
    "plan_agreed": _("Betalingsregeling afgesproken"),
    "plan_shifted": _("Termijn verschoven"),
    "plan_ended": _("Betalingsregeling beëindigd"),
    "plan_kept": _("Betalingsregeling nagekomen"),
    "plan_broken": _("Betalingsregeling niet nagekomen"),
    "plan_open_again": _("Betalingsregeling loopt weer"),
    "hold_placed": _("Pauze ingesteld"),
    "hold_lifted": _("Pauze opgeheven"),
    "extension_given": _("Uitstel gegeven"),
    "extension_withdrawn": _("Uitstel ingetrokken"),
    "reason_told": _("Reden om niet te betalen"),
    "reason_address": _("Adres voor een kopie bevestigd"),
    "reason_handled": _("Reden opgevolgd"),
    "reason_replaced": _("Reden vervangen door een latere"),
    "reason_again": _("Reden geldt weer"),
    "reason_withdrawn": _("Reden ingetrokken"),
    "kept_money_refunded": _("Tegoed terugbetaald"),
    "kept_money_settled_in_books": _("Tegoed verrekend in de boeken"),
    "kept_money_again": _("Tegoed staat weer"),
    "reply_received": _("Reactie ontvangen"),
    "reply_handled": _("Reactie afgehandeld"),
    "flag_marked": _("Bijzondere situatie"),
    "flag_lifted": _("Situatie voorbij"),
    "outcome_assigned": _("Wie beslist na de laatste aanmaning"),
    "outcome_decided": _("Beslist na de laatste aanmaning"),
    "outcome_ended": _("Beslissing teruggenomen"),
    "outcome_over": _("Van de lijst na de laatste aanmaning"),
    "mandate_recorded": _("Machtiging vastgelegd"),
    "mandate_changed": _("Machtiging gewijzigd"),
    "mandate_released": _("Machtiging weer te gebruiken"),
    "mandate_withdrawn": _("Machtiging ingetrokken"),
    "collection_planned": _("Incasso gepland"),
    "collection_again": _("Incasso wordt opnieuw gedaan"),
    "collection_left_out": _("Incasso gaat niet door"),
    "collection_handed_over": _("Incasso bij de bank"),
    "collection_collected": _("Geïncasseerd"),
    "collection_rejected": _("Incasso geweigerd door de bank"),
    "collection_returned": _("Incasso teruggeboekt"),
    "collection_withdrawn": _("Incasso ingetrokken"),
}
CASE_STOPS: Mapping[str, str | Promise] = {
    "dispute": _("betwisting"),
    "credit_promised": _("creditnota toegezegd"),
    "promise": _("toezegging"),
    "plan": _("regeling"),
    "direct_debit": _("incasso"),
    "hold": _("pauze"),
    "reply": _("reactie die nog wacht"),
    "possible_payment": _("betaling die hiervoor kan zijn"),
    "incomplete_invoice": _("factuur die niet klopt"),
    "dead_address": _("e-mailadres dat niet werkt"),
    "after_suspend": _("opgeschort"),
    "after_credit": _("wordt gecrediteerd"),
    "after_waive": _("wordt afgeboekt"),
    "after_hand_over": _("overgedragen"),
}


def describe_stop(code: str) -> str | Promise:
    """A stop in a few words; a code that nobody named says itself."""
    if code in FLAGS:
        return say(FLAGS[code].name)
    reason = UNPAID_REASONS.get(code.removeprefix("reason_"))
    if reason is not None and code.startswith("reason_"):
        return say(reason.name)
    return CASE_STOPS.get(code, code.replace("_", " "))
