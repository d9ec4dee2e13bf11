"""The codes of the tables in words, each with the tone that its tag gets on screen."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tijdig.core.cadence import take_off_anew

Tone = Literal["quiet", "calm", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Label:
    """Words for a code, and how loud they are."""

    text: str | Promise
    tone: Tone = "quiet"


MESSAGE_STATES = {
    "planned": Label(_("gepland"), "calm"),
    "held": Label(_("in de wacht"), "warn"),
    "released": Label(_("klaar om te versturen"), "calm"),
    "sending": Label(_("wordt verstuurd"), "calm"),
    "retry": Label(_("wordt opnieuw geprobeerd"), "warn"),
    "accepted": Label(_("verstuurd"), "good"),
    "delivered": Label(_("bezorgd"), "good"),
    "bounced_hard": Label(_("kwam terug"), "bad"),
    "bounced_soft": Label(_("tijdelijk niet bezorgd"), "warn"),
    "complained": Label(_("als ongewenst gemeld"), "bad"),
    "cancelled": Label(_("vervallen"), "quiet"),
    "failed": Label(_("mislukt"), "bad"),
    "suppressed": Label(_("tegengehouden"), "quiet"),
    "in_doubt": Label(_("twijfel: misschien verstuurd"), "bad"),
}
PRINTED = Label(_("geprint, nog niet als gepost gemeld"), "warn")
MESSAGE_REASONS: dict[str, str | Promise] = {
    "rehearsal_over": _("was alleen geoefend"),
    "sending_off": _("versturen staat uit"),
    "judging": _("wordt nog bekeken"),
    "halted": _("wacht op uw antwoord"),
    "held_back": _("door een mens tegengehouden"),
    "taken_back": _("door een mens tegengehouden"),
    "for_creditor": _("wacht op iemand van de schuldeiser zelf"),
    "dropped": _("door een mens geschrapt"),
    "cannot_be_written": _("kan niet worden geschreven"),
    "address": _("het e-mailadres werkt niet"),
    "worker_gone": _("Tijdig viel stil tijdens het versturen"),
    "confirmed": _("een mens zegt dat het aankwam"),
    "came_back": _("het kwam terug"),
    "replaced_by_copy": _("vervangen door een kopie"),
    "sent_by_letter": _("vervangen door een brief"),
    "counted_as_sent": _("telt als verstuurd"),
    "left": _("een mens laat het zo"),
    "tried_again": _("opnieuw geprobeerd"),
    "silenced": _("deze installatie is teruggezet of gekopieerd"),
    "clock": _("de klok sprong vooruit"),
    "found_in_log": _("gevonden in het verzendlogboek"),
    "log_unwritable": _("het verzendlogboek kon niet worden geschreven"),
    "after_hours": _("wacht tot de volgende dag: de contacttijd was voorbij"),
    "discarded": _("niet gepost, weggegooid"),
}
PHASES = {
    "before_due": Label(_("Bericht vooraf")),
    "reminder": Label(_("Herinnering")),
    "call": Label(_("Telefoontje")),
    "veertiendagenbrief": Label(_("Veertiendagenbrief")),
    "copy": Label(_("Kopie van de brief")),
    "last_demand": Label(_("Laatste aanmaning")),
    "plan": Label(_("Bericht over de regeling")),
    "debit": Label(_("Aankondiging van een incasso")),
    "case": Label(_("Antwoord")),
}
DIFFERENCES = {
    "missing": Label(_("ging niet uit"), "warn"),
    "extra": Label(_("kwam erbij"), "calm"),
    "other_step": Label(_("andere stap"), "warn"),
    "other_amount": Label(_("ander bedrag"), "calm"),
}
STEPS = {
    "notice": PHASES["before_due"],
    "reminder": PHASES["reminder"],
    "call": PHASES["call"],
    "veertiendagenbrief": PHASES["veertiendagenbrief"],
    "veertiendagenbrief_2": PHASES["veertiendagenbrief"],
    "veertiendagenbrief_copy": PHASES["copy"],
    "reminder_again": PHASES["reminder"],
    "plan": PHASES["plan"],
    "debit": PHASES["debit"],
    "case": PHASES["case"],
    "last_demand": PHASES["last_demand"],
}
CHANNELS = {
    "email": Label(_("e-mail")),
    "letter": Label(_("brief")),
    "phone": Label(_("telefoon")),
}
DEBTOR_KINDS = {
    "consumer": Label(_("consument")),
    "business": Label(_("bedrijf")),
    "public_body": Label(_("overheid")),
    "unknown": Label(_("onbekend, behandeld als consument"), "warn"),
}
ITEM_KINDS = {
    "invoice": Label(_("Factuur")),
    "credit_note": Label(_("Creditnota")),
    "claim": Label(_("Kosten of rente")),
    "unapplied": Label(_("Nog niet verrekend geld")),
}
ENTRY_KINDS = {
    "invoiced": Label(_("Gefactureerd")),
    "credited": Label(_("Gecrediteerd"), "calm"),
    "paid": Label(_("Betaald"), "good"),
    "reversed": Label(_("Betaling teruggedraaid"), "bad"),
    "refunded": Label(_("Terugbetaald"), "warn"),
    "set_off": Label(_("Verrekend"), "calm"),
    "discount": Label(_("Korting voor snel betalen"), "calm"),
    "rounding": Label(_("Afgerond"), "quiet"),
    "costs": Label(_("Incassokosten"), "warn"),
    "interest": Label(_("Rente"), "warn"),
    "waived": Label(_("Kwijtgescholden"), "good"),
    "withdrawn": Label(_("Ingetrokken"), "calm"),
    "settled_in_books": Label(_("Afgehandeld in de boekhouding"), "good"),
    "confirmed": Label(_("Stond al in de boekhouding: telt niet dubbel"), "quiet"),
}
KEPT_MONEY_ENDS = {
    "settled_in_books": Label(_("Verrekend in de boeken"), "good"),
    "refunded": Label(_("Terugbetaald"), "warn"),
}
LINE_STATES = {
    "unmatched": Label(_("niet herkend"), "warn"),
    "matched": Label(_("gekoppeld"), "good"),
    "ignored": Label(_("terzijde gelegd"), "quiet"),
    "outgoing": Label(_("uitgaand"), "quiet"),
    "pending": Label(_("aangekondigd door de bank"), "calm"),
    "unplaced": Label(_("van welke rekening is dit?"), "warn"),
    "detail": Label(_("wacht op de boeking van de bank"), "calm"),
    "split": Label(_("gesplitst in losse betalingen"), "quiet"),
    "waiting": Label(_("teruggedraaid; de betaling zelf ontbreekt"), "warn"),
}
DEBIT_SCHEMES = {
    "core": Label(_("gewone incasso")),
    "b2b": Label(_("zakelijke incasso")),
}
SIGNED_HOW = {
    "paper": Label(_("op papier")),
    "import": Label(_("uit een lijst")),
    "portal": Label(_("op onze pagina")),
}
BATCH_STATES = {
    "proposed": Label(_("voorgesteld"), "calm"),
    "approved": Label(_("goedgekeurd"), "calm"),
    "made": Label(_("bestand gemaakt"), "warn"),
    "handed_over": Label(_("bij de bank"), "calm"),
    "collected": Label(_("geïncasseerd"), "good"),
    "partly_back": Label(_("deels teruggekomen"), "warn"),
    "came_back": Label(_("teruggekomen"), "bad"),
    "withdrawn": Label(_("ingetrokken"), "quiet"),
}
DEBIT_STATES = {
    "planned": Label(_("gepland"), "calm"),
    "handed_over": Label(_("bij de bank"), "calm"),
    "collected": Label(_("geïncasseerd"), "good"),
    "rejected": Label(_("geweigerd door de bank"), "bad"),
    "returned": Label(_("teruggeboekt"), "bad"),
    "left_out": Label(_("weggelaten"), "quiet"),
    "withdrawn": Label(_("gaat niet door"), "quiet"),
}
CALL_STATES = {
    "open": Label(_("te bellen"), "calm"),
    "held": Label(_("in de wacht"), "warn"),
    "done": Label(_("gebeld"), "good"),
    "lapsed": Label(_("vervallen"), "quiet"),
    "cancelled": Label(_("vervallen"), "quiet"),
}
CALL_OUTCOMES = {
    "reached": Label(_("Gesproken"), "good"),
    "voicemail": Label(_("Voicemail ingesproken"), "calm"),
    "no_answer": Label(_("Niet bereikt"), "warn"),
    "wrong_number": Label(_("Verkeerd nummer"), "bad"),
}
HEARD_BY = (
    ("phone", _("telefoon")),
    ("email", _("e-mail")),
    ("letter", _("brief")),
    ("visit", _("gesprek")),
    ("portal", _("webpagina")),
)
CASE_KINDS = {
    "dispute": Label(_("Betwisting"), "warn"),
    "credit": Label(_("Te crediteren"), "warn"),
    "answer": Label(_("Antwoord op betwisting"), "calm"),
    "money": Label(_("Tegoed"), "calm"),
    "promise": Label(_("Toezegging"), "calm"),
    "plan": Label(_("Regeling"), "calm"),
    "reply": Label(_("Reactie"), "warn"),
    "reason": Label(_("Reden"), "calm"),
    "hold": Label(_("Pauze"), "calm"),
    "extension": Label(_("Uitstel"), "calm"),
    "flag": Label(_("Situatie"), "bad"),
    "outcome": Label(_("Na de laatste aanmaning"), "bad"),
}
LIMITATION_WARNINGS = {
    180: Label(_("binnen 180 dagen"), "warn"),
    60: Label(_("binnen 60 dagen"), "bad"),
    0: Label(_("verstreken"), "quiet"),
}
NOTICE_KINDS = {
    "ingebrekestelling": Label(_("Ingebrekestelling")),
    "veertiendagenbrief": Label(_("Veertiendagenbrief")),
    "interruption": Label(_("Stuiting van de verjaring")),
}
PROOFS = {
    "none": Label(_("niet bewezen"), "warn"),
    "printed": PRINTED,
    "post": Label(_("zoals de post bezorgt")),
    "accepted": Label(_("aangenomen door de mailserver")),
    "person": Label(_("bewezen door een mens"), "good"),
}
VOID_REASONS = {
    "bounced": Label(_("het bericht kwam terug"), "bad"),
    "returned": Label(_("de brief kwam terug"), "bad"),
    "posted_late": Label(_("te laat gepost: de dag in de brief is te vroeg"), "bad"),
    "arrived_late": Label(_("te laat ontvangen: de dag in de brief is te vroeg"), "bad"),
    "owed_less": Label(_("er was minder te betalen toen hij op de post ging"), "bad"),
    "more_time": Label(_("de klant kreeg meer tijd voordat hij op de post ging"), "bad"),
    "discarded": Label(_("niet gepost, weggegooid"), "bad"),
    "before_default": Label(_("de klant was nog niet in verzuim"), "bad"),
    "no_term": Label(_("geen termijn van veertien dagen"), "bad"),
    "term_too_short": Label(_("een te korte termijn"), "bad"),
    "start_unclear": Label(_("niet duidelijk wanneer de termijn begint"), "bad"),
    "date_too_early": Label(_("een te vroege dag"), "bad"),
    "no_warning": Label(_("geen waarschuwing voor kosten"), "bad"),
    "no_exact_amount": Label(_("geen vast bedrag aan kosten"), "bad"),
    "amount_too_high": Label(_("te hoge kosten"), "bad"),
    "over_interest": Label(_("kosten ook over de rente"), "bad"),
    "vat_not_explained": Label(_("btw zonder uitleg"), "bad"),
    "two_amounts": Label(_("meer dan één bedrag"), "bad"),
    "two_accounts": Label(_("meer dan één rekening"), "bad"),
    "unknown_words": Label(_("een zin die niet als juist bekend is"), "bad"),
}
# Why a message that was right has no effect, by what happened around it.
VOID_CAUSES = {
    "moved": Label(
        _("de klant kreeg een ander adres voordat dit bericht er was (BW 3:37 lid 3)"),
        "bad",
    ),
    "given_time": Label(
        _(
            "de klant kreeg binnen de termijn meer tijd: uitstel, een regeling, een toezegging of "
            "een aangekondigde incasso (BW 6:96 lid 6)"
        ),
        "bad",
    ),
    "collected": Label(
        _("binnen de termijn was een incasso aangekondigd (BW 6:58-61)"),
        "bad",
    ),
    "rest_faillissement": Label(
        _("de klant was failliet binnen de termijn van deze brief (Fw 26)"),
        "bad",
    ),
    "rest_surseance": Label(
        _("de klant had surseance van betaling binnen de termijn van deze brief (Fw 228)"),
        "bad",
    ),
    "rest_wsnp": Label(
        _("de klant zat in de schuldsanering (WSNP) binnen de termijn van deze brief (Fw 296)"),
        "bad",
    ),
    "rest_moratorium": Label(
        _("er gold een moratorium binnen de termijn van deze brief (Fw 287b en Wgs artikel 5)"),
        "bad",
    ),
    "rest_debt_help": Label(
        _("de klant kreeg schuldhulp binnen de termijn van deze brief (BW 6:96 lid 6)"),
        "bad",
    ),
    "rest_deceased": Label(
        _("de klant overleed voordat de termijn van deze brief voorbij was (BW 6:96 lid 6)"),
        "bad",
    ),
    "himself_bewind": Label(
        _("het ging naar de klant zelf, en een bewindvoerder handelt voor hem (BW 1:441)"),
        "bad",
    ),
    "himself_curatele": Label(
        _("het ging niet naar de curator, die voor de klant handelt (BW 1:381)"),
        "bad",
    ),
    "himself_deceased": Label(
        _("de klant was overleden voordat dit bericht er was (BW 3:37 lid 3)"),
        "bad",
    ),
}
TRAY_REASONS = {
    "owed_less": Label(_("betaald of gewijzigd: niet posten"), "bad"),
    "stopped": Label(_("er staat een stop, uitstel of regeling: niet posten"), "bad"),
    "other_account": Label(_("er staat een oud rekeningnummer in: niet posten"), "bad"),
}
ROLES = {
    "owner": Label(_("eigenaar")),
    "controller": Label(_("medewerker")),
    "reader": Label(_("meelezer")),
}
RUN_KINDS = {
    "daily": Label(_("dagelijkse run")),
    "by_hand": Label(_("met de hand gestart")),
}
FILE_FORMATS = {
    "ubl": Label(_("UBL-factuur")),
    "csv": Label(_("Lijst (CSV)")),
    "xlsx": Label(_("Lijst (Excel)")),
    "camt053": Label(_("Bankafschrift (camt.053)")),
    "camt052": Label(_("Bankoverzicht van de dag (camt.052)")),
    "camt054": Label(_("Details bij boekingen (camt.054)")),
    "mt940": Label(_("Bankafschrift (MT940)")),
    "mt942": Label(_("Bankoverzicht van de dag (MT942)")),
    "ing_csv": Label(_("Bankafschrift (CSV van ING)")),
    "pain001": Label(_("Betaalopdrachten (pain.001)")),
    "pain002": Label(_("Antwoord van de bank (pain.002)")),
    "pain008": Label(_("Incasso-opdrachten (pain.008)")),
    "mandates": Label(_("Lijst van machtigingen")),
    "unknown": Label(_("niet herkend"), "bad"),
}
LANGUAGES = {"nl": Label(_("Nederlands")), "en": Label(_("Engels"))}
IMPUTATIONS = {
    "legal": Label(_("Toerekening: kosten, rente, factuur (BW 6:44)")),
    "principal_first": Label(_("Toerekening: eerst de factuur, zoals u koos")),
    "plan": Label(_("Toerekening: alleen de factuur, zoals in de betalingsregeling staat")),
    "legal_and_plan": Label(
        _(
            "Toerekening: kosten, rente, factuur (BW 6:44); van een betalingsregeling alleen de "
            "factuur"
        )
    ),
}
TERMS = {
    "agreed": Label(_("afgesproken"), "good"),
    "stated": Label(_("staat op de factuur")),
    "assumed": Label(_("aangenomen: de factuur noemt geen datum"), "warn"),
}
OUTCOMES = {
    "message": Label(_("bericht"), "calm"),
    "call": Label(_("telefoontje"), "calm"),
    "nothing": Label(_("niets"), "quiet"),
}


def label_of(labels: dict[str, Label], code: str) -> Label:
    """The words for a code; a code that nobody named says itself."""
    return labels.get(code) or Label(code.replace("_", " "))


def name_step(step_key: str) -> Label:
    """A step in words; that of a plan, a collection or a case has its own id behind its kind."""
    key = take_off_anew(step_key.partition("-")[0])
    # The law numbers what it asks for once more.
    first = key.rstrip("0123456789").removesuffix("_")
    return label_of(STEPS, key if key in STEPS or first not in STEPS else first)
