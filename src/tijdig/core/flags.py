"""Special situations of a debtor: what each stops, and whom to write to instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

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

    `instead` names who stands in for the debtor, `law` the articles as people read them.
    Sources: law.md §5.5; Fw 26, 33, 228, 287b, 296; BW 1:378, 1:381, 1:431, 1:441; Wgs art. 5.
    """

    depth: StopDepth | None
    instead: Instead
    name: Sentence
    law: Sentence | None = None


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
        "all", "curator", Sentence("faillissement", "bankruptcy"), _cite("26 en 33", _FW)
    ),
    "surseance": FlagRule(
        "all",
        "bewindvoerder",
        Sentence("surseance van betaling", "suspension of payment"),
        _cite("228", _FW),
    ),
    "wsnp": FlagRule(
        "all",
        "bewindvoerder",
        Sentence("schuldsanering (WSNP)", "debt restructuring"),
        _cite("296", _FW),
    ),
    "moratorium": FlagRule("all", "helper", Sentence("moratorium", "moratorium"), _MORATORIUM),
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
    if until_on is not None:
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
