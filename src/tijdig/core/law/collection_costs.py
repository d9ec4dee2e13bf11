"""Collection costs (buitengerechtelijke incassokosten): how much, over what, and with VAT or not.

Whether a consumer owes any costs at all is decided by `veertiendagenbrief`, not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tijdig.core.calendar import add_months
from tijdig.core.facts import DebtorKind
from tijdig.core.law.agreed_costs import AgreedCosts
from tijdig.core.law.dated import get_value
from tijdig.core.law.tables import COST_SCALE, COST_VAT_PERCENT, INSTALMENT_MONTHS, CostScale
from tijdig.core.money import format_euros, format_percent, round_half_up
from tijdig.core.problem import Refusal, Sentence


@dataclass(frozen=True, slots=True)
class CollectionCosts:
    """What may be asked, in whole cents, and how it was computed, one sentence per step.

    `total_cents` is costs plus VAT. `needs_review` marks a rule whose text was not read.
    """

    principal_cents: int
    costs_cents: int
    vat_cents: int
    total_cents: int
    because: tuple[Sentence, ...]
    needs_review: bool = False


@dataclass(frozen=True, slots=True)
class DefaultedClaim:
    """The open principal of one claim, and the first day on which the debtor was in default."""

    principal_cents: int
    in_default_from: date


@dataclass(frozen=True, slots=True)
class Instalment:
    """One open periodic sum of an agreement, and the costs that were already asked for it."""

    due_on: date
    open_cents: int
    charged_cents: int = 0


def compute_collection_costs(
    principals_cents: Sequence[int], *, on: date, adds_vat: bool = False
) -> CollectionCosts:
    """The costs by the scale of the decree over the sum of the principals of one debtor.

    Principals are what is open, without interest or older costs; 0 gives 0. `adds_vat` only where
    `may_add_vat` says so. Refuses: no principal, a negative one, a day before 1 July 2012.
    Law: BW 6:96 lid 5 and 7, Besluit BIK art. 2. Vectors: tests/law/costs.toml
    """
    _refuse_bad_principals(principals_cents)
    principal = sum(principals_cents)
    because = [_explain_sum(principals_cents)]
    costs, steps = _compute_scale(principal, get_value(COST_SCALE, on))
    because += steps
    return _finish(principal, costs, because, on=on, adds_vat=adds_vat)


def may_add_vat(*, uses_taxed_service: bool, can_reclaim_vat: bool, is_stated: bool) -> bool:
    """Whether the costs may be raised by VAT: all conditions, never for a creditor on its own.

    A taxed service (agency, bailiff, lawyer) collects, the creditor cannot set that VAT off, and
    the debtor was told so. Law: Besluit BIK art. 2 lid 3.
    """
    return uses_taxed_service and not can_reclaim_vat and is_stated


def compute_costs_after_letter(
    principals_cents: Sequence[int],
    paid: Sequence[tuple[date, int]],
    *,
    last_day_on: date,
    costs_from_on: date,
    adds_vat: bool = False,
) -> CollectionCosts:
    """The costs after a veertiendagenbrief over what was not paid within its term.

    `principals_cents` are the sums that the letter named, so without what was paid before it.
    `paid` holds (day credited, cents): what came on or before `last_day_on` lowers the base, what
    came later does not. Law: BW 6:96 lid 6; ECLI:NL:HR:2016:2704 rov. 3.8.
    """
    _refuse_bad_principals(principals_cents)
    _refuse_bad_principals([cents for _, cents in paid] or [0])
    in_time = sum(cents for on, cents in paid if on <= last_day_on)
    named = sum(principals_cents)
    rest = max(0, named - in_time)
    result = compute_collection_costs([rest], on=costs_from_on, adds_vat=adds_vat)
    told = Sentence(
        f"Van {format_euros(named)} is binnen de termijn {format_euros(in_time)} betaald; de kosten"
        f" gaan over {format_euros(rest)} (HR 25 november 2016, ECLI:NL:HR:2016:2704).",
        f"Of {format_euros(named)}, {format_euros(in_time)} was paid within the term; the costs are"
        f" over {format_euros(rest)} (ECLI:NL:HR:2016:2704).",
    )
    return CollectionCosts(
        result.principal_cents,
        result.costs_cents,
        result.vat_cents,
        result.total_cents,
        (told, *result.because),
    )


def compute_business_costs(
    claims: Sequence[DefaultedClaim],
    *,
    kind: DebtorKind,
    on: date,
    agreed: AgreedCosts | None = None,
    adds_vat: bool = False,
) -> CollectionCosts:
    """The costs that a business or public body owes on a day, without any letter.

    Only claims in default count, added up. What was agreed takes the place of the scale. Refuses: a
    consumer, or a debtor of unknown kind.
    Law: BW 6:96 lid 4-5, 6:119a, 6:119b.
    """
    if kind not in {"business", "public_body"}:
        raise Refusal(
            "Deze regel geldt alleen voor bedrijven en overheden. Een consument (of een klant van"
            " wie u dat niet weet) krijgt eerst een veertiendagenbrief.",
            "This rule holds for businesses and public bodies only. A consumer (or a customer of"
            " whom you do not know it) gets a fourteen-day letter first.",
        )
    principals = [claim.principal_cents for claim in claims if claim.in_default_from <= on]
    if agreed is None or not principals:
        return compute_collection_costs(principals or [0], on=on, adds_vat=adds_vat)
    return compute_agreed_costs(principals, agreed, on=on, adds_vat=adds_vat)


def compute_agreed_costs(
    principals_cents: Sequence[int], agreed: AgreedCosts, *, on: date, adds_vat: bool = False
) -> CollectionCosts:
    """The costs as they were agreed, over the sum of the principals; never under the minimum.

    A judge may lower them (242 Rv). Refuses: no principal, a negative one. Law: BW 6:96 lid 4-5.
    """
    _refuse_bad_principals(principals_cents)
    principal, scale = sum(principals_cents), get_value(COST_SCALE, on)
    wanted = round_half_up(Decimal(principal) * agreed.rate_percent / 10_000)
    least = max(agreed.minimum_cents, scale.minimum_cents)
    costs = max(wanted, least) if principal else 0
    percent, base = format_percent(agreed.rate_percent), format_euros(principal)
    where = f" ({agreed.ground})" if agreed.ground else ""
    told = Sentence(
        f"Afgesproken{where}: {percent} van {base} = {format_euros(wanted)}, en minstens"
        f" {format_euros(least)} (BW 6:96 lid 4-5).",
        f"Agreed{where}: {percent} of {base} = {format_euros(wanted)}, and at least"
        f" {format_euros(least)} (BW 6:96 lid 4-5).",
    )
    because = [_explain_sum(principals_cents), told]
    return _finish(principal, costs, because, on=on, adds_vat=adds_vat)


def compute_instalment_costs(
    instalments: Sequence[Instalment], *, letters_skipped: bool = False
) -> CollectionCosts:
    """The careful reading of the costs for the newest instalment of one agreement.

    Looks back six months from the newest due date: the costs over the open instalments together,
    less what was asked for them already; with skipped letters only the highest for one of them.
    Always marked `needs_review`: the text of the article was not read.
    Refuses: no instalment, one due before 1 October 2024. Law: Besluit BIK art. 2a.
    """
    _refuse_bad_principals([one.open_cents for one in instalments])
    newest_on = max(one.due_on for one in instalments)
    first_after = add_months(newest_on, -get_value(INSTALMENT_MONTHS, newest_on))
    window = [one for one in instalments if one.due_on > first_after]
    scale = get_value(COST_SCALE, newest_on)
    if letters_skipped:
        costs = max(_compute_scale(one.open_cents, scale)[0] for one in window)
        asked = 0
    else:
        costs, _ = _compute_scale(sum(one.open_cents for one in window), scale)
        asked = sum(one.charged_cents for one in window)
    may_ask = max(0, costs - asked)
    told = Sentence(
        f"Termijnen van zes maanden samen: {format_euros(costs)} aan kosten, waarvan"
        f" {format_euros(asked)} al gevraagd (Besluit BIK art. 2a). De tekst van dit artikel is"
        " niet gelezen: laat dit bedrag nakijken.",
        f"Instalments of six months together: {format_euros(costs)} of costs, of which"
        f" {format_euros(asked)} was asked before (Besluit BIK art. 2a). The text of this article"
        " was not read: have this amount checked.",
    )
    principal = sum(one.open_cents for one in window)
    return CollectionCosts(principal, may_ask, 0, may_ask, (told,), needs_review=True)


def _refuse_bad_principals(principals_cents: Sequence[int]) -> None:
    if not principals_cents:
        raise Refusal("Noem minstens één bedrag.", "Name at least one amount.")
    for cents in principals_cents:
        if cents < 0:
            raise Refusal(
                f"Het bedrag {format_euros(cents)} is negatief. Trek een creditnota eerst van de"
                " factuur af.",
                f"The amount {format_euros(cents)} is negative. Take a credit note off the invoice"
                " first.",
            )


def _explain_sum(principals_cents: Sequence[int]) -> Sentence:
    total = format_euros(sum(principals_cents))
    if len(principals_cents) == 1:
        return Sentence(
            f"Hoofdsom {total}, zonder rente en eerdere kosten (BW 6:96 lid 5).",
            f"Principal {total}, without interest or earlier costs (BW 6:96 lid 5).",
        )
    parts = " + ".join(format_euros(cents) for cents in principals_cents)
    return Sentence(
        f"Hoofdsommen samen: {parts} = {total} (BW 6:96 lid 7).",
        f"Principals together: {parts} = {total} (BW 6:96 lid 7).",
    )


def _compute_scale(principal: int, scale: CostScale) -> tuple[int, list[Sentence]]:
    """The costs by the scale, and one sentence per part of the principal and per bound."""
    if principal == 0:
        told = Sentence(
            "Er staat niets open: geen kosten (Besluit BIK art. 2 lid 1).",
            "Nothing is open: no costs (Besluit BIK art. 2 lid 1).",
        )
        return 0, [told]
    exact, below, because = Decimal(0), 0, []
    for upper, percent in scale.brackets:
        part = (principal if upper is None else min(principal, upper)) - below
        if part <= 0:
            break
        costs = Decimal(part) * percent / 10_000
        exact += costs
        rate, base = format_percent(percent), format_euros(part)
        shown = format_euros(round_half_up(costs))
        because.append(
            Sentence(
                f"{rate} van {base} = {shown} (Besluit BIK art. 2 lid 1).",
                f"{rate} of {base} = {shown} (Besluit BIK art. 2 lid 1).",
            )
        )
        below = upper or principal
    cents = round_half_up(exact)
    low, high = format_euros(scale.minimum_cents), format_euros(scale.maximum_cents)
    if cents < scale.minimum_cents:
        because.append(
            Sentence(
                f"De kosten zijn minstens {low} (Besluit BIK art. 2 lid 2).",
                f"The costs are at least {low} (Besluit BIK art. 2 lid 2).",
            )
        )
    if cents > scale.maximum_cents:
        because.append(
            Sentence(
                f"De kosten zijn hoogstens {high} (Besluit BIK art. 2 lid 1).",
                f"The costs are at most {high} (Besluit BIK art. 2 lid 1).",
            )
        )
    return min(max(cents, scale.minimum_cents), scale.maximum_cents), because


def _finish(
    principal: int, costs: int, because: list[Sentence], *, on: date, adds_vat: bool
) -> CollectionCosts:
    vat = 0
    if adds_vat:
        percent = get_value(COST_VAT_PERCENT, on)
        vat = round_half_up(Decimal(costs) * percent / 10_000)
        shown = f"{format_percent(percent)}: {format_euros(vat)}"
        because = [
            *because,
            Sentence(
                f"Btw {shown}. Die komt erbij omdat een bureau int en wie de factuur stuurde deze"
                " btw niet kan terugvragen (Besluit BIK art. 2 lid 3).",
                f"VAT {shown}. It is added because an agency collects and who sent the invoice"
                " cannot reclaim this VAT (Besluit BIK art. 2 lid 3).",
            ),
        ]
    return CollectionCosts(principal, costs, vat, costs + vat, tuple(because))
