"""How Dutch payers write names and numbers, by habit, with the share of each habit.

The shares are estimates, on the careful side (more that is hard than most books see): no public
count of them is known. Nothing here knows how payments are matched.
"""

from itertools import pairwise
from random import Random

FIRST = (
    "Jan Piet Kees Willem Henk Maria Anna Sanne Fatima Mohammed Emma Daan Lotte Bram Noor Youssef "
    "Tim Eva Lars Femke Ruud Ingrid Joost Marieke Ali Nadia Peter Karin Sven Iris"
).split()
LAST = (
    "Jansen|de Jong|de Vries|van den Berg|Bakker|van Dijk|Visser|Smit|Meijer|de Boer|Mulder|"
    "de Groot|Bos|Vos|Peters|Hendriks|van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|de Graaf|"
    "van der Meer|Kok|Jacobs|van der Linden|Vermeulen|van den Heuvel|van der Veen|Schouten|"
    "van Beek|Willems|Hoekstra|Koster|Prins|Blom|Huisman|Postma|Kuipers|Veenstra|Kramer|"
    "van den Brink|Scholten|Post|Kuiper|Molenaar|Yilmaz|El Amrani|Nguyen|Özdemir|Lindeman|"
    "Terpstra|Wouters|Verhoeven|Sanders|Bosman|Timmermans|Groenewegen|Ketelaar|Rademaker"
).split("|")
TRADES = (
    "Bakkerij Schildersbedrijf Garage Bouwbedrijf Restaurant Hotel Kwekerij Installatietechniek "
    "Administratiekantoor Drukkerij Transport Slagerij Kapsalon Fysiotherapie Tandartspraktijk "
    "Hoveniersbedrijf Timmerbedrijf Loodgietersbedrijf Advocatenkantoor Notariskantoor"
).split()
COINED = (
    "Noordster Zuidwind Meerzicht Korenaar Waterlelie Vlasblom Zilvermeeuw Eikenhof Rivierzicht "
    "Duinrand Polderlicht Havenkant Molenwiek Kastanje Bergmans Delta Horizon Kompas Anker Vizier"
).split()
PLACES = "Utrecht Zwolle Breda Tilburg Leiden Assen Ede Gouda Hoorn Venlo Goes Delft".split()
FORMS = ("B.V.", "B.V.", "B.V.", "V.O.F.", "", "N.V.")
CHATTER = (
    "bedankt", "overboeking", "betaling", "zoals afgesproken", "lidmaatschap", "huur", "les",
    "vakantie", "nota", "contributie", "voor jullie", "maart", "2e termijn", "incl btw", "",
    "onderhoud", "bestelling website", "zie mail", "levering vorige week", "abonnement", "",
)  # fmt: skip


def person_name(chance: Random) -> tuple[str, str]:
    """First and last name."""
    return chance.choice(FIRST), chance.choice(LAST)


def business_name(chance: Random) -> str:
    """A trade with a surname or a coined word, at times a place, mostly a legal form."""
    kind = chance.random()
    if kind < 0.45:
        name = f"{chance.choice(TRADES)} {chance.choice(LAST)}"
    elif kind < 0.85:
        name = f"{chance.choice(TRADES)} {chance.choice(COINED)}"
    else:
        name = f"{chance.choice(COINED)} {chance.choice(PLACES)}"
    if chance.random() < 0.15:
        name += f" {chance.choice(PLACES)}"
    return f"{name} {chance.choice(FORMS)}".strip()


def bank_name(name: str, chance: Random, *, person: bool) -> str:
    """The name as a bank shows it: in capitals, cut, with a title, for two people, without dots."""
    shown = name
    kind = chance.random()
    if person:
        if kind < 0.25:
            shown = f"{chance.choice(('Hr', 'Mw', 'Dhr', 'Mevr'))} {shown}"
        elif kind < 0.40:
            shown = f"{shown} en/of {chance.choice('ABCDEHJKLMPRST')} {chance.choice(LAST)}"
        elif kind < 0.5:
            first, _, last = shown.partition(" ")
            shown = f"{last} {first}"
    else:
        if kind < 0.35:
            shown = shown.replace(".", "")
        elif kind < 0.5:
            shown = shown[:24]
        elif kind < 0.6:
            shown = f"{shown} inz. facturen"
    return shown.upper() if chance.random() < 0.4 else shown


def write_number(number: str, habit: str, chance: Random) -> str:
    """One invoice number as somebody with this habit writes it."""
    digits = "".join(c for c in number if c.isdigit())
    if habit == "split":
        return _split(number, chance)
    if habit == "bare":
        return digits.lstrip("0") if chance.random() < 0.7 else digits
    if habit == "no_zeros":
        return _without_zeros(number)
    if habit == "cut":
        return digits[-chance.choice((3, 4, 4, 5)) :] if chance.random() < 0.75 else digits[:-1]
    if habit == "swapped":
        return _swap(number, chance)
    return (
        number if chance.random() < 0.7 else number.replace("-", chance.choice(("", "/", ".", " ")))
    )


def write_numbers(numbers: list[str], habit: str, chance: Random) -> str:
    """Several numbers: each in full, or the later ones by their end only ("2026-0412/0413")."""
    if len(numbers) == 1:
        return write_number(numbers[0], habit, chance)
    if habit == "list_cut":
        return (
            numbers[0]
            + chance.choice(("/", ", ", " en "))
            + chance.choice(("/", ", ")).join(
                "".join(c for c in number if c.isdigit())[-4:] for number in numbers[1:]
            )
        )
    separator = chance.choice((", ", " ", " en ", " + ", "/", ";"))
    return separator.join(write_number(number, habit, chance) for number in numbers)


def wrap(written: str, chance: Random) -> str:
    """The number among words as people put them."""
    return chance.choice(
        (
            "{}", "{}", "factuur {}", "Factuurnr. {}", "fact {}", "F. {}", "betaling factuur {}",
            "fac.nr {} dank", "nota {}", "{} van 12-03", "factuurnummer: {}", "inv {}",
            "factuur{}", "Betr. {} bedankt voor de levering", "{} bedrag 12,50 al eerder",
        )
    ).format(written)  # fmt: skip


def _split(number: str, chance: Random) -> str:
    """Spaces or dots where there were none, as paper or thumb has it."""
    digits = "".join(c for c in number if c.isdigit())
    kind = chance.random()
    if kind < 0.4:
        return number.replace("-", chance.choice((" ", " - ", "/", ". ")))
    if kind < 0.7:
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
    at = chance.randrange(2, max(3, len(digits) - 2))
    return f"{digits[:at]}{chance.choice((' ', '-', '.'))}{digits[at:]}"


def _without_zeros(number: str) -> str:
    runs: list[str] = []
    for character in number:
        if runs and runs[-1][-1].isdigit() == character.isdigit():
            runs[-1] += character
        else:
            runs.append(character)
    return "".join(run.lstrip("0") or "0" if run.isdigit() else run for run in runs)


def _swap(number: str, chance: Random) -> str:
    """Two neighbouring digits swapped, or one mistyped."""
    places = [at for at, c in enumerate(number) if c.isdigit()]
    pairs = [
        (a, b) for a, b in pairwise(places)
        if b == a + 1 and number[a] != number[b] and a >= places[0] + 2
    ]  # fmt: skip
    letters = list(number)
    if pairs and chance.random() < 0.7:
        a, b = chance.choice(pairs)
        letters[a], letters[b] = letters[b], letters[a]
    else:
        at = chance.choice(places[-4:])
        letters[at] = chance.choice([d for d in "0123456789" if d != letters[at]])
    return "".join(letters)
