"""Collection costs that a creditor and a business agreed, in place of the scale of the decree."""

from dataclasses import dataclass
from decimal import Decimal

from tijdig.core.money import format_euros
from tijdig.core.problem import Refusal

# Our own bounds against a slip of the pen; the law has none but the minimum of the scale.
MOST_RATE_PERCENT = 100
MOST_MINIMUM_CENTS = 1_000_000
MOST_GROUND_LETTERS = 100
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class AgreedCosts:
    """Costs that were agreed: a percentage of the principal, a floor in cents, and where it stands.

    `ground` is in the words of the person who set it, such as "artikel 9 van onze voorwaarden".
    """

    rate_percent: Decimal
    minimum_cents: int = 0
    ground: str = ""


def refuse_bad_agreement(agreed: AgreedCosts) -> None:
    """Refuses: a percentage or floor out of bounds, and no word about where it was agreed."""
    rate = agreed.rate_percent
    if not rate.is_finite() or not 0 <= rate <= MOST_RATE_PERCENT or _is_too_fine(rate):
        raise Refusal(
            "Vul voor de kosten een percentage in van 0 tot en met 100, met hoogstens twee"
            " cijfers na de komma.",
            "For the costs fill in a percentage from 0 up to and including 100, with at most two"
            " decimals.",
        )
    if not 0 <= agreed.minimum_cents <= MOST_MINIMUM_CENTS:
        most = format_euros(MOST_MINIMUM_CENTS)
        raise Refusal(
            f"Het minimum van de kosten ligt tussen {format_euros(0)} en {most}.",
            f"The minimum of the costs lies between {format_euros(0)} and {most}.",
        )
    if not agreed.ground.strip() or len(agreed.ground) > MOST_GROUND_LETTERS:
        raise Refusal(
            "Schrijf erbij waar dit is afgesproken, in hoogstens 100 letters. Bijvoorbeeld:"
            " artikel 9 van onze voorwaarden.",
            "Write where this was agreed, in at most 100 letters. For example: article 9 of our"
            " terms.",
        )


def refuse_unfit_party(kind: str) -> None:
    """Refuses: a consumer, and who may well be one; nothing else can be agreed with him.

    Law: BW 6:96 lid 5.
    """
    if kind in {"business", "public_body"}:
        return
    if kind == "consumer":
        raise Refusal(
            "Met een consument kunt u geen andere incassokosten afspreken: voor hem geldt altijd"
            " de wettelijke staffel (BW 6:96 lid 5).",
            "With a consumer you cannot agree other collection costs: for him the legal scale"
            " always holds (BW 6:96 lid 5).",
        )
    raise Refusal(
        "Van deze klant is niet bekend of hij een bedrijf is. Leg dat eerst vast. Tot dan geldt"
        " hij als consument, met de wettelijke staffel (BW 6:96 lid 5).",
        "It is not known whether this customer is a business. Record that first. Until then he"
        " counts as a consumer, with the legal scale (BW 6:96 lid 5).",
    )


def _is_too_fine(rate: Decimal) -> bool:
    return rate != round(rate, _DECIMALS)
