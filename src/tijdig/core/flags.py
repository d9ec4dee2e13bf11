"""Special situations of a debtor: what each stops, and whom to write to instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tijdig.core.calendar import add_days, add_months
from tijdig.core.facts import Stop, StopDepth
from tijdig.core.problem import Sentence
from tijdig.core.stops import say_day

FlagKind = Literal[
    "faillissement",
    "surseance",
    "wsnp",
    "moratorium",
    "debt_help",
    "bewind",
    "curatele",
    "deceased",
    "vulnerable",
    "key_account",
    "no_contact",
]
# What a flag is followed by when the representative is known: nothing more, or letters to him.
Instead = Literal["", "curator", "bewindvoerder", "helper", "heirs"]


@dataclass(frozen=True, slots=True)
class FlagRule:
    """What a situation holds back; None: nothing, once the representative can be written to.

    `instead` names who stands in for the debtor, `law` the articles as people read them. Of what
    `may_discharge` the rest of a debt may be gone after it: it ends when a person says so. The law
    lets it last `longest_months` at most; None: no limit, or none of the law.
    Sources: law.md §5.5; Fw 26, 33, 228, 287b, 296, 358; BW 1:378, 1:381, 1:431, 1:441; Wgs art. 5.
    """

    depth: StopDepth | None
    instead: Instead
    name: Sentence
    law: Sentence | None = None
    may_discharge: bool = False
    longest_months: int | None = None


_FW = ("van de Faillissementswet", "of the Bankruptcy Act (Faillissementswet)")
_BW = ("van het Burgerlijk Wetboek", "of the Civil Code (Burgerlijk Wetboek)")
_WGS = ("van de Wet gemeentelijke schuldhulpverlening", "of the Municipal Debt Counselling Act")


def _cite(articles: str, code: tuple[str, str]) -> Sentence:
    nl, en = articles, articles.replace(" en ", " and ")
    return Sentence(f"artikel {nl} {code[0]}", f"article {en} {code[1]}")


_MORATORIUM = Sentence(
    f"{_cite('5', _WGS).nl} en {_cite('287b', _FW).nl}",
    f"{_cite('5', _WGS).en} and {_cite('287b', _FW).en}",
)
FLAGS: Mapping[str, FlagRule] = {
    "faillissement": FlagRule(
        "all",
        "curator",
        Sentence("faillissement", "bankruptcy"),
        _cite("26 en 33", _FW),
        may_discharge=True,
    ),
    "surseance": FlagRule(
        "all",
        "bewindvoerder",
        Sentence("surseance van betaling", "suspension of payment"),
        _cite("228", _FW),
        may_discharge=True,
    ),
    "wsnp": FlagRule(
        "all",
        "bewindvoerder",
        Sentence("schuldsanering (WSNP)", "debt restructuring"),
        _cite("296", _FW),
        may_discharge=True,
    ),
    "moratorium": FlagRule(
        "all", "helper", Sentence("moratorium", "moratorium"), _MORATORIUM, longest_months=6
    ),
    "debt_help": FlagRule("all", "helper", Sentence("schuldhulp loopt", "debt help is under way")),
    "bewind": FlagRule(
        None,
        "bewindvoerder",
        Sentence("beschermingsbewind", "administration order"),
        _cite("1:431", _BW),
    ),
    "curatele": FlagRule(
        None, "curator", Sentence("curatele", "guardianship"), _cite("1:378", _BW)
    ),
    "deceased": FlagRule("all", "heirs", Sentence("overleden", "deceased")),
    "vulnerable": FlagRule("firm", "", Sentence("kwetsbaar", "vulnerable")),
    "key_account": FlagRule("firm", "", Sentence("belangrijke klant", "key account")),
    "no_contact": FlagRule("all", "", Sentence("geen contact", "no contact")),
}
_INSTEAD: Mapping[Instead, tuple[str, str]] = {
    "": ("", ""),
    "curator": (" Schrijf naar de curator.", " Write to the curator."),
    "bewindvoerder": (" Schrijf naar de bewindvoerder.", " Write to the bewindvoerder."),
    "helper": (" Overleg met de schuldhulpverlener.", " Consult the debt counsellor."),
    "heirs": (" Schrijf naar de erfgenamen.", " Write to the heirs."),
}


def make_flag_stop(
    kind: str, *, from_on: date, until_on: date | None, has_representative: bool, source: str
) -> Stop | None:
    """A special situation as a stop; None where the representative is written to instead."""
    rule = FLAGS[kind]
    if rule.depth is None and has_representative:
        return None
    until = ("", "")
    longest_on = find_longest_day(kind, from_on)
    if longest_on is not None and is_overlong(kind, from_on, until_on):
        until_on = longest_on
        until = (
            f", wettelijk hoogstens tot en met {say_day(until_on, 'nl')}",
            f", by law up to and including {say_day(until_on, 'en')} at most",
        )
    elif until_on is not None:
        until = (
            f" tot en met {say_day(until_on, 'nl')}",
            f" up to and including {say_day(until_on, 'en')}",
        )
    begin = ("Niets gedaan: ", "Nothing done: ")
    if rule.depth == "firm":
        begin = ("Een mens beslist over een aanmaning: ", "A person decides about a demand: ")
    told = (f" (bron: {source})", f" (source: {source})") if source else ("", "")
    instead = _INSTEAD[rule.instead]
    law = ("", "")
    if rule.law is not None:
        law = (f" Dat volgt uit {rule.law.nl}.", f" This follows from {rule.law.en}.")
    missing = ("", "")
    if rule.depth is None:
        missing = (
            " Het adres daarvan ontbreekt of werkt niet.",
            " That address is missing or does not work.",
        )
    return Stop(
        kind,
        Sentence(
            f"{begin[0]}{rule.name.nl} sinds {say_day(from_on, 'nl')}{until[0]}{told[0]}."
            f"{law[0]}{instead[0]}{missing[0]}",
            f"{begin[1]}{rule.name.en} since {say_day(from_on, 'en')}{until[1]}{told[1]}."
            f"{law[1]}{instead[1]}{missing[1]}",
        ),
        until_on=until_on,
        from_on=from_on,
        depth=rule.depth or "all",
    )


def find_longest_day(kind: str, from_on: date) -> date | None:
    """The last day on which a situation can hold by law; None where the law has no limit.

    Law: Fw 287b lid 1 and 4, Wgs art. 5.
    """
    months = FLAGS[kind].longest_months
    return None if months is None else add_months(from_on, months)


def is_overlong(kind: str, from_on: date, until_on: date | None) -> bool:
    """Whether a situation has no last day, or a later one than the law lets it have."""
    longest_on = find_longest_day(kind, from_on)
    return longest_on is not None and (until_on is None or until_on > longest_on)


def make_over_stop(kind: str, from_on: date, until_on: date | None) -> Stop | None:
    """What holds everything back until a person says what comes after it; None where nothing does.

    After an insolvency a clean slate or a composition leaves nothing that can be enforced, and the
    day on which it ended does not tell how. A moratorium without a last day is over by law, and
    nobody has said so. Law: Fw 287b, 303, 358; Wgs art. 5.
    """
    rule = FLAGS[kind]
    longest_on = find_longest_day(kind, from_on)
    if longest_on is not None and is_overlong(kind, from_on, until_on):
        return _make_overlong_stop(rule, from_on, longest_on)
    if not rule.may_discharge or until_on is None:
        return None
    law, interest = ("", ""), ("", "")
    if kind == "wsnp":
        slate, rest = _cite("358", _FW), _cite("303", _FW)
        law = (f" ({slate.nl})", f" ({slate.en})")
        rest_nl = " Rente over de dagen ervan vraagt Tijdig niet, ook daarna. Herleeft die omdat de"
        rest_en = (
            " Tijdig asks no interest over its days, nor afterwards. If that revives because the"
        )
        interest = (
            f"{rest_nl} WSNP voortijdig eindigde ({rest.nl}), vraag haar dan zelf.",
            f"{rest_en} programme ended early ({rest.en}), ask it yourself.",
        )
    return Stop(
        "insolvency_over",
        Sentence(
            f"Niets gedaan: {rule.name.nl} liep tot en met {say_day(until_on, 'nl')}. Kijk na hoe"
            " dat eindigde. Wat is kwijtgescholden (schone lei of akkoord), is niet meer af te"
            f" dwingen{law[0]}: boek het af. Staat er nog iets open dat wel mag, kies dan bij deze"
            f" situatie: niet meer zo.{interest[0]}",
            f"Nothing done: {rule.name.en} lasted up to and including {say_day(until_on, 'en')}."
            " See how that ended. What was discharged (clean slate or composition) cannot be"
            f" enforced any more{law[1]}: write it off. If something is left that may be asked,"
            f" choose at this situation: no longer so.{interest[1]}",
        ),
        from_on=add_days(until_on, 1),
    )


def _make_overlong_stop(rule: FlagRule, from_on: date, longest_on: date) -> Stop:
    law = rule.law or rule.name
    return Stop(
        "rest_overlong",
        Sentence(
            f"Niets gedaan: {rule.name.nl} sinds {say_day(from_on, 'nl')}. Dat duurt hoogstens"
            f" {rule.longest_months} maanden, tot en met {say_day(longest_on, 'nl')} ({law.nl}), en"
            " niemand zei nog dat het voorbij is. Vraag hoe het nu is. Loopt er iets anders"
            " (schuldhulp, WSNP), leg dat dan eerst vast. Kies daarna bij deze situatie: niet meer"
            " zo.",
            f"Nothing done: {rule.name.en} since {say_day(from_on, 'en')}. It lasts"
            f" {rule.longest_months} months at most, up to and including"
            f" {say_day(longest_on, 'en')} ({law.en}), and nobody said yet that it is over. Ask how"
            " things are now. If something else goes on (debt help, WSNP), record that first. Then"
            " choose at this situation: no longer so.",
        ),
        from_on=add_days(longest_on, 1),
    )
