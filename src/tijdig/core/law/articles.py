"""The article beside a figure: on what interest and the order of a payment rest, in sentences."""

from tijdig.core.law.imputation import ImputedPart, Order, PaymentOnClaims
from tijdig.core.law.interest import InterestTerms, get_rate_table
from tijdig.core.problem import Sentence

_INTEREST_ARTICLES = {
    "statutory": "BW 6:119 lid 1",
    "commercial": "BW 6:119a lid 1",
    "government": "BW 6:119b",
    "contract": "BW 6:119 lid 3",
}
_COMPOUND_ARTICLES = {"commercial": "BW 6:119a lid 3", "government": "BW 6:119b"}
_COMPOUND_BY_LAW = "BW 6:119 lid 2"


def get_interest_article(terms: InterestTerms) -> str:
    """The article on which a line of interest rests: `BW 6:119a lid 1`."""
    return _INTEREST_ARTICLES[terms.kind]


def explain_interest(terms: InterestTerms) -> tuple[Sentence, ...]:
    """From when interest runs, at which rate, whether it compounds, and over how many days a year.

    Law: BW 6:114 lid 2, 6:119-6:120.
    """
    article = get_interest_article(terms)
    runs = Sentence(
        "Rente loopt vanaf de dag na de laatste dag om te betalen, tot en met de dag waarop het"
        f" geld is bijgeschreven ({article}, 6:114 lid 2).",
        "Interest runs from the day after the last day to pay, up to and including the day on which"
        f" the money was credited ({article}, 6:114 lid 2).",
    )
    return runs, _explain_rate(terms), _explain_compounding(terms), _explain_year(terms)


def explain_part(part: ImputedPart, payment: PaymentOnClaims, order: Order) -> tuple[Sentence, ...]:
    """Why a payment went to this claim, and in which order within it. Law: BW 6:43, 6:44."""
    if part.claim_id in payment.designated:
        which = Sentence(
            "De betaler noemde deze vordering (BW 6:43 lid 1).",
            "The payer named this claim (BW 6:43 lid 1).",
        )
    else:
        which = Sentence(
            "Opeisbaar; de hoogste rente gaat voor, dan de oudste, en gelijke naar evenredigheid"
            " (BW 6:43 lid 2).",
            "Due; the highest rate comes first, then the oldest, and equals in proportion"
            " (BW 6:43 lid 2).",
        )
    if order == "law":
        within = Sentence(
            "Eerst de kosten, dan de rente, dan de hoofdsom (BW 6:44 lid 1).",
            "First the costs, then the interest, then the principal (BW 6:44 lid 1).",
        )
    else:
        within = Sentence(
            "Eerst de hoofdsom, dan de kosten, dan de rente: zo gekozen, anders dan BW 6:44 lid 1.",
            "First the principal, then the costs, then the interest: chosen so, other than BW 6:44"
            " lid 1.",
        )
    return which, within


def explain_over() -> Sentence:
    """Why money stays over: no claim that is due is left. Law: BW 6:43 lid 2."""
    return Sentence(
        "Wat overblijft, betaalt geen vordering die nog niet opeisbaar is (BW 6:43 lid 2).",
        "What is left pays no claim that is not due yet (BW 6:43 lid 2).",
    )


def _explain_rate(terms: InterestTerms) -> Sentence:
    if terms.kind == "contract":
        return Sentence(
            "Het percentage is afgesproken (BW 6:119 lid 3).",
            "The rate was agreed (BW 6:119 lid 3).",
        )
    table = get_rate_table(terms.kind)
    return Sentence(
        f"Het percentage is {table.name.nl} van die dag ({table.article}).",
        f"The rate is {table.name.en} of that day ({table.article}).",
    )


def _explain_compounding(terms: InterestTerms) -> Sentence:
    article = _COMPOUND_ARTICLES.get(terms.kind, _COMPOUND_BY_LAW)
    if terms.is_simple:
        return Sentence(
            f"Over rente loopt geen rente: zo gekozen, anders dan {article}.",
            f"No interest runs on interest: chosen so, other than {article}.",
        )
    return Sentence(
        f"Na elk vol jaar telt de rente van dat jaar mee in het bedrag ({article}).",
        f"After each full year the interest of that year joins the sum ({article}).",
    )


def _explain_year(terms: InterestTerms) -> Sentence:
    if terms.day_count == "act/act":
        return Sentence(
            "Een schrikkeljaar telt 366 dagen, elk ander jaar 365 (de wet zegt hier niets over).",
            "A leap year counts 366 days, any other year 365 (the law says nothing about it).",
        )
    return Sentence(
        "Een jaar telt 365 dagen (de wet zegt hier niets over).",
        "A year counts 365 days (the law says nothing about it).",
    )
