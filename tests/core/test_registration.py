"""Who may approach a natural person, and who needs a registration for it."""

import pytest

from tijdig.core.facts import DebtorKind
from tijdig.core.law.contact_hours import explain_registration, find_sender, may_be_natural_person


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("consumer", "J. Jansen", True),
        ("unknown", "Bakkerij Jansen B.V.", True),
        ("public_body", "Gemeente Voorbeeld", False),
        ("business", "Bakkerij Jansen", True),  # may be a sole trader
        ("business", "Jansen & Zn. v.o.f.", True),
        ("business", "Bakkerij Jansen B.V.", False),
        ("business", "Bakkerij Jansen bv", False),
        ("business", "Voorbeeld NV", False),
        ("business", "Stichting Voorbeeld", False),
        ("business", "Coöperatie Voorbeeld U.A.", False),
        ("business", "Abvakantie", True),  # letters within a word are no legal form
        ("business", "Kwekerij Voorbeeld N.V.", False),
        ("business", "Voorbeeld GmbH", False),
        ("business", "Van Dam Holding BV h.o.d.n. Fietsenmaker", False),
        # Initials of a person are no legal form, wherever they stand.
        ("business", "W.A. Jansen", True),
        ("business", "S.A. de Vries Timmerwerken", True),
        ("business", "B.A. Smit", True),
        ("business", "U.A. Bakker", True),
        ("business", "B.V. Klaassen", True),
        ("business", "N.V. Pieters Schilderwerken", True),
        ("business", "Jansen, W.A.", True),
        ("business", "A.B.V. de Groot", True),
        ("business", "Klaassen, B.V.", True),
        ("business", "Ag Jansen", True),
        # Its partners are liable, and may be persons.
        ("business", "V.O.F. Jansen en Pietersen Beheer B.V.", True),
        ("business", "Maatschap Jansen Praktijk B.V. en De Boer", True),
        ("business", "Jansen Beheer B.V. C.V.", True),
    ],
)
def test_only_a_legal_person_is_surely_no_natural_person(
    kind: DebtorKind, name: str, expected: bool
) -> None:
    assert may_be_natural_person(kind, name) is expected


@pytest.mark.parametrize(
    ("organisation", "is_natural_person", "registration", "needs_one"),
    [
        ("business", True, "", False),
        ("accountant", True, "", True),
        ("agency", True, "", True),
        ("agency", False, "", False),
        ("agency", True, "AIN-0001", False),
    ],
)
def test_who_acts_for_another_needs_a_registration(
    organisation: str, is_natural_person: bool, registration: str, needs_one: bool
) -> None:
    because = explain_registration(
        find_sender(organisation), is_natural_person=is_natural_person, registration=registration
    )
    assert (because is not None) is needs_one
