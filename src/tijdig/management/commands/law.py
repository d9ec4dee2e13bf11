"""`tijdig law`: what the law says about money owed late; it needs no database."""

import argparse
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

from django.core.management.base import CommandParser

from tijdig.core.calendar import add_days, format_day
from tijdig.core.identifiers import identify
from tijdig.core.law.articles import explain_interest, get_interest_article
from tijdig.core.law.claims_file import (
    drop_known_rate,
    make_terms,
    parse_amount,
    parse_claims_file,
    parse_day,
    parse_rate,
    refuse_choice,
    refuse_doubles,
    write_imputation,
)
from tijdig.core.law.collection_costs import compute_collection_costs
from tijdig.core.law.imputation import allocate
from tijdig.core.law.interest import compute_late_interest
from tijdig.core.law.limitation import (
    INTEREST_KIND,
    compute_interest_limitation,
    compute_limitation,
    get_limitation_term,
)
from tijdig.core.law.vat_refund import Filing, compute_vat_refund, explain_vat_refund
from tijdig.core.law.veertiendagenbrief import SentBy, compute_letter_days
from tijdig.core.money import format_count, format_euros, format_percent, format_plain
from tijdig.core.problem import Refusal
from tijdig.management.answer import Answer, AnsweringCommand
from tijdig.management.rates import add_rate_arguments, answer_rate, write_rate
from tijdig.tenants.law_rates import load_rates
from tijdig.web.clock import demo_today

Options = Mapping[str, Any]

_DAYS = frozenset(
    "due paid sent received interrupted acknowledged principal_due from_on published".split()
)


class Command(AnsweringCommand):
    """One calculation per call; nothing is stored, but for `rate add`."""

    help = "Compute costs, interest and terms by law, with the article beside every number."
    needs_tables = False

    def add_own_arguments(self, parser: CommandParser) -> None:
        of_what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
        for add in (_add_costs, _add_interest, _add_letter, _add_others, add_rate_arguments):
            add(of_what)
        for one in of_what.choices.values():
            one.add_argument("--json", action="store_true", default=argparse.SUPPRESS)

    def answer(self, **options: Any) -> Answer:
        return ANSWERS[options["what"]]({**options, **_read_days(options)})


def _read_days(options: Options) -> dict[str, Any]:
    """The days among the options. Refuses what is no day, as any other bad value."""
    read: dict[str, Any] = {}
    for key in sorted(_DAYS & options.keys()):
        told, place = options[key], "--from" if key == "from_on" else f"--{key.replace('_', '-')}"
        if isinstance(told, list):
            read[key] = [parse_day(one, place) for one in told]
        elif told is not None:
            read[key] = parse_day(told, place)
    return read


def _add_costs(of_what: Any) -> None:
    costs = of_what.add_parser("costs", help="collection costs over the sum of principals")
    costs.add_argument("amounts", nargs="+", metavar="AMOUNT", help="an open principal in euros")
    costs.add_argument("--vat", action="store_true", help="a taxed service, VAT not reclaimable")


def _add_interest(of_what: Any) -> None:
    interest = of_what.add_parser("interest", help="interest on a sum paid late")
    interest.add_argument("--principal", required=True, help="in euros")
    interest.add_argument("--due", required=True, help="the last day to pay")
    interest.add_argument("--paid", required=True, help="the day it was credited")
    interest.add_argument("--kind", required=True, help="statutory, commercial or contract")
    interest.add_argument("--rate", help="the agreed percentage a year, for contract")
    interest.add_argument("--simple", action="store_true", help="no interest on interest")
    interest.add_argument("--day-count", default="act/365", help="act/365 or act/act")
    allocate_ = of_what.add_parser("allocate", help="in which order payments pay claims")
    allocate_.add_argument("file", metavar="FILE", help="claims and payments as JSON")


def _add_letter(of_what: Any) -> None:
    letter = of_what.add_parser("veertiendagenbrief", help="from when a consumer owes costs")
    letter.add_argument("--sent", required=True, help="the day of sending")
    letter.add_argument("--by", required=True, help="post or email")
    letter.add_argument("--received", help="the proven day of receipt")


def _add_others(of_what: Any) -> None:
    limitation = of_what.add_parser("limitation", help="until when a claim can be enforced")
    limitation.add_argument("--due", required=True, help="the day it became due")
    limitation.add_argument("--kind", required=True, help="the kind of claim")
    limitation.add_argument(
        "--interrupted", action="append", default=[], help="a day of interruption"
    )
    limitation.add_argument(
        "--acknowledged",
        action="append",
        default=[],
        help="a day on which the debtor acknowledged it: a part paid, a plan agreed",
    )
    limitation.add_argument("--principal-due", help="of interest: its principal's")
    limitation.add_argument("--principal-kind", help="of interest: the kind of its principal")
    reference = of_what.add_parser("reference", help="what a number is, and whether it holds")
    reference.add_argument("value", metavar="VALUE")
    vat = of_what.add_parser("vat-refund", help="in which return VAT on a bad debt comes back")
    vat.add_argument("--due", required=True, help="the last day to pay")
    vat.add_argument("--filing", required=True, help="month, quarter or year")


def _costs(options: Options) -> Answer:
    cents = [parse_amount(one, "AMOUNT") for one in options["amounts"]]
    costs = compute_collection_costs(cents, on=demo_today(), adds_vat=options["vat"])
    because = [one.nl for one in costs.because]
    figures = {
        "costs": format_plain(costs.costs_cents),
        "vat": format_plain(costs.vat_cents),
        "total": format_plain(costs.total_cents),
        "because": because,
    }
    last = f"Incassokosten: {format_euros(costs.total_cents)} (BW 6:96 lid 2 onder c en lid 5)."
    return Answer(figures, (*because, last))


def _interest(options: Options) -> Answer:
    rates = load_rates()
    rate = parse_rate(options["rate"], "--rate") if options["rate"] is not None else None
    terms = make_terms(
        options["kind"],
        rate,
        is_simple=options["simple"],
        day_count=options["day_count"],
        place="--kind",
    )
    terms = drop_known_rate(terms, add_days(options["due"], 1), rates)
    interest = compute_late_interest(
        parse_amount(options["principal"], "--principal"),
        due_on=options["due"],
        paid_on=options["paid"],
        terms=terms,
        rates=rates,
    )
    lines = [
        {
            "from": f"{line.from_on}",
            "until": f"{line.until}",
            "days": line.days,
            "rate": write_rate(line.rate_percent),
            "base": format_plain(line.base_cents),
            "interest": format_plain(line.interest_cents),
        }
        for line in interest.lines
    ]
    because = [one.nl for one in explain_interest(terms)]
    article = get_interest_article(terms)
    told = [
        f"{line.from_on:%d-%m-%Y}: {format_count(line.days, 'dag', 'dagen')}"
        f" {format_percent(line.rate_percent)} over"
        f" {format_euros(line.base_cents)} = {format_euros(line.interest_cents)} ({article})"
        for line in interest.lines
    ]
    days = format_count(interest.days, "dag", "dagen")
    last = f"Rente over {days}: {format_euros(interest.interest_cents)} ({article})."
    figures = {
        "interest": format_plain(interest.interest_cents),
        "days": interest.days,
        "lines": lines,
        "because": because,
    }
    return Answer(figures, (*because, *told, last))


def _allocate(options: Options) -> Answer:
    rates = load_rates()
    file = parse_claims_file(_read_json(Path(options["file"])), rates=rates)
    result = allocate(file.claims, file.payments, end_on=file.end_on, order=file.order, rates=rates)
    figures = write_imputation(result)
    told = [
        f"{one['date']}: {one['claim'] or '-'}: kosten {one['to_costs']}, rente"
        f" {one['to_interest']}, hoofdsom {one['to_principal']}, over {one['over']}."
        f" {' '.join(one['because'])}"
        for one in figures["steps"]
    ]
    last = f"Nog open: {figures['open']}; over: {figures['over']}."
    return Answer(figures, (*told, last))


def _letter(options: Options) -> Answer:
    if options["by"] not in get_args(SentBy):
        raise refuse_choice("--by", options["by"], get_args(SentBy))
    try:
        days = compute_letter_days(
            options["sent"], by=cast("SentBy", options["by"]), received_on=options["received"]
        )
    except Refusal as refusal:
        nothing = dict.fromkeys(("received_on", "last_day", "costs_from"))
        told = {"refused": refusal.because.nl, "refused_en": refusal.because.en}
        return Answer({**told, **nothing}, (refusal.because.nl,), is_good=False)
    figures = {
        "received_on": f"{days.received_on}",
        "last_day": f"{days.last_day_on}",
        "costs_from": f"{days.costs_from_on}",
        "margin_days": days.margin_days,
        "printed_on": f"{days.printed_on}",
        "because": [one.nl for one in days.because],
    }
    last = f"Kosten mogen vanaf {format_day(days.costs_from_on, 'nl')} (BW 6:96 lid 6)."
    return Answer(figures, (*(one.nl for one in days.because), last))


def _limitation(options: Options) -> Answer:
    acts: dict[str, Any] = {
        "interrupted_on": options["interrupted"],
        "acknowledged_on": options["acknowledged"],
    }
    of_principal = options["principal_due"], options["principal_kind"]
    is_interest = options["kind"] == INTEREST_KIND
    if sum(one is not None for one in of_principal) != (2 if is_interest else 0):
        raise Refusal(
            f"Bij {INTEREST_KIND} horen --principal-due en --principal-kind: rente verjaart nooit"
            " na haar hoofdsom. Bij een andere soort horen ze niet.",
            f"{INTEREST_KIND} needs --principal-due and --principal-kind: interest never outlives"
            " its principal. Another kind does not take them.",
        )
    if is_interest:
        principal = compute_limitation(of_principal[0], kind=of_principal[1], **acts)
        found = compute_interest_limitation(options["due"], principal=principal, **acts)
        article = "BW 3:308, 3:312"
    else:
        found = compute_limitation(options["due"], kind=options["kind"], **acts)
        article = get_limitation_term(found.kind).article
    because = [one.nl for one in found.because]
    last = f"De laatste dag is {format_day(found.ends_on, 'nl')} ({article})."
    return Answer({"ends_on": f"{found.ends_on}", "because": because}, (*because, last))


def _reference(options: Options) -> Answer:
    found = identify(options["value"])
    state = "klopt" if found.is_valid else "klopt niet"
    return Answer({"kind": found.kind, "valid": found.is_valid}, (f"{found.kind}: {state}.",))


def _vat_refund(options: Options) -> Answer:
    if options["filing"] not in get_args(Filing):
        raise refuse_choice("--filing", options["filing"], get_args(Filing))
    found = compute_vat_refund(options["due"], filing=cast("Filing", options["filing"]))
    because = [explain_vat_refund(found, options["due"]).nl]
    last = f"Vraag de btw terug in de aangifte over {found.period} (Wet OB 1968 art. 29)."
    return Answer({"period": found.period, "because": because}, (*because, last))


def _read_json(path: Path) -> object:
    """The document in a file; figures with a point keep every digit."""
    try:
        # Windows writes a mark before the text.
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise Refusal(
            f"{path} is niet te lezen. Noem een bestand met JSON dat er staat.",
            f"{path} cannot be read. Name a file with JSON that is there.",
        ) from error
    try:
        told: object = json.loads(
            text, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=refuse_doubles
        )
    except json.JSONDecodeError as error:
        raise Refusal(
            f"{path} is geen JSON: kijk op regel {error.lineno}, teken {error.colno}.",
            f"{path} is not JSON: look at line {error.lineno}, column {error.colno}.",
        ) from error
    except RecursionError as error:
        raise Refusal(
            f"{path} is geen JSON dat wij kennen: het is te diep genest.",
            f"{path} is no JSON that we know: it is nested too deeply.",
        ) from error
    return told


ANSWERS: dict[str, Callable[[Options], Answer]] = {
    "costs": _costs,
    "interest": _interest,
    "allocate": _allocate,
    "veertiendagenbrief": _letter,
    "limitation": _limitation,
    "reference": _reference,
    "vat-refund": _vat_refund,
    "rate": answer_rate,
}
