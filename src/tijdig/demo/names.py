"""Invented names, addresses and numbers, each recognisable as invented.

E-mail ends in `.example.nl`, accounts stand at a bank called TEST, KvK numbers begin with 9999,
telephone numbers have 555 where a district would stand.
"""

from random import Random

from stdnum.eu import at_02
from stdnum.nl import btw

TOWNS = (
    ("Zonnekerk", "1234"),
    ("Oud-Merendam", "4321"),
    ("Klaverveen", "2345"),
    ("Hogelinden", "5432"),
    ("Berkenmonde", "3456"),
    ("Nieuw-Roggel", "6543"),
    ("Wilgerzijl", "7654"),
)
STREETS = (
    "Molenpad", "Lindelaan", "Havenstraat", "Kerkplein", "Wilgenweg", "Dorpsstraat",
    "Marktstraat", "Vlinderhof", "Korenveld", "Beukenlaan", "Ambachtsweg", "Sluiskade",
)  # fmt: skip
FIRST_NAMES = (
    "Noor", "Daan", "Fatima", "Sem", "Lotte", "Youssef", "Eva", "Bram", "Mila", "Thijs",
    "Aylin", "Joris", "Sanne", "Ruben", "Ilse", "Omar", "Femke", "Niels", "Roos", "Tariq",
)  # fmt: skip
LAST_NAMES = (
    "Vermeulen", "de Graaf", "Bakhuis", "El Amrani", "Zwartjes", "van der Zee", "Kuipers",
    "Yilmaz", "Hoekstra", "van Loon", "Roelofs", "Postma", "Bouzid", "ter Horst", "Maas",
    "Dijkgraaf", "Sahin", "van Puffelen", "Wiersma", "Kloosterman",
)  # fmt: skip
SHOP_NAMES = (
    "Café De Gouden Reaal", "Lunchroom Het Koetshuis", "Hotel De Zilvermeeuw",
    "Buurtsuper Van Alles Wat", "Eetcafé De Hoek Om", "Kantine Sportclub Rap en Snel",
    "Koffiehuis De Dromer", "Restaurant Zout en Zoet", "Strandpaviljoen Westenwind",
    "Delicatessen Appelmans", "Kaaswinkel De Holle Gaten", "Catering Vork en Lepel",
    "Theater De Kleine Zaal", "Brasserie Morgenrood", "Winkel van Sinkel en Dochters",
    "Pannenkoekenhuis Het Beslag", "IJssalon Drie Bollen", "Bioscoop De Lichtstraal",
    "Speeltuin De Wip", "Camping De Vuurvlieg", "Uitgeverij Papieren Bootje",
    "Boekhandel De Ezelsoor", "Kwekerij Groene Duim", "Makelaardij Dak en Gevel",
    "Architecten Schuine Lijn", "Reisbureau Verre Tante", "Bouwbedrijf Steen voor Steen",
    "Zwembad De Plons", "Fietsenmaker Platte Band", "Dansschool De Misstap",
)  # fmt: skip
_BUSINESS_ENDS = ("", "", " B.V.", " V.O.F.")


def make_iban(account: int) -> str:
    """A Dutch account at the bank TEST with right check digits. `account` below ten digits."""
    national = f"TEST{account:010d}"
    digits = "".join(str(int(character, 36)) for character in f"{national}NL00")
    return f"NL{98 - int(digits) % 97:02d}{national}"


def make_kvk_number(number: int) -> str:
    """Eight digits that begin with 9999. `number` below ten thousand."""
    return f"9999{number:04d}"


def make_vat_number(number: int) -> str:
    """A Dutch VAT number that begins with 9999 and has right check digits."""
    candidates = (f"NL9999{number:05d}B{last:02d}" for last in range(1, 100))
    return next(one for one in candidates if btw.is_valid(one))


def make_creditor_id(kvk_number: str) -> str:
    """The creditor identifier of this company: its number and four noughts, check digits right."""
    plain = f"{kvk_number}0000"
    return f"NL{at_02.calc_check_digits(f'NL00ZZZ{plain}')}ZZZ{plain}"


def make_phone(chance: Random) -> str:
    """A number that rings nowhere."""
    return f"0{chance.choice((10, 20, 30, 40))}-555 {chance.randrange(100, 200):04d}"


def make_address(chance: Random) -> tuple[str, str, str]:
    """Street with number, postal code and town."""
    town, code = chance.choice(TOWNS)
    letters = "".join(chance.choice("BCDGHJKLNPRSTVWXZ") for _ in range(2))
    return f"{chance.choice(STREETS)} {chance.randrange(1, 160)}", f"{code} {letters}", town


def make_person(chance: Random) -> str:
    """First and last name."""
    return f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"


def make_business_name(name: str, chance: Random) -> str:
    """The name with or without a legal form."""
    return name + chance.choice(_BUSINESS_ENDS)


def make_domain(name: str) -> str:
    """The name as a mail domain under `.example.nl`."""
    plain = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
    return f"{plain[:30] or 'onbekend'}.example.nl"
