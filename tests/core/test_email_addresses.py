"""What can be an e-mail address, and how it goes to a mail server."""

import pytest
from tests.core.debtor_facts import FRIDAY, make_facts, make_invoice

from tijdig.core.dunning import decide
from tijdig.core.email_addresses import is_email_address, make_ascii_domain, needs_utf8
from tijdig.core.policy import DEFAULT_POLICY

CAN = [
    "sanne@cafe.example.nl",
    "o'brien+inkoop@cafe-1.example",
    "kasse@müller.example",
    "kasse@straße.example",
    "sjérôme@cafe.example",
    "info@xn--mller-kva.example",
    "用户@例え.テスト",
]
CANNOT = [
    "",
    "sanne",
    "sanne@",
    "@cafe.example",
    "sanne@localhost",
    "sanne@@cafe.example",
    "sanne@cafe..example",
    "sanne@-cafe.example",
    "sanne@cafe-.example",
    "sanne@cafe.example.",
    "sanne@192.168.0.1",
    ".sanne@cafe.example",
    "sanne.@cafe.example",
    "san..ne@cafe.example",
    "sanne vries@cafe.example",
    "sanne@cafe.example>",
    "sanne@cafe.example,an@cafe.example",
    '"sanne"@cafe.example',
    "-sanne@cafe.example",
    f"{'a' * 65}@cafe.example",
    f"sanne@{'a' * 64}.example",
    f"sanne@{'ü' * 62}.example",
    f"sanne@{'a.' * 130}example",
    "sanne@caf\N{ZERO WIDTH SPACE}é.example",
    "sanne@cafe.example\r\nBcc: x@evil.test",
]


@pytest.mark.parametrize("address", CAN)
def test_what_can_be_an_address(address: str) -> None:
    assert is_email_address(address)


@pytest.mark.parametrize("address", CANNOT)
def test_what_cannot_be_an_address(address: str) -> None:
    assert not is_email_address(address)


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("kasse@müller.example", "kasse@xn--mller-kva.example"),
        ("kasse@MÜLLER.example", "kasse@xn--mller-kva.example"),
        # Two signs that look like one are written as that one first.
        ("kasse@mu\N{COMBINING DIAERESIS}ller.example", "kasse@xn--mller-kva.example"),
        ("kasse@straße.example", "kasse@xn--strae-oqa.example"),
        ("Sanne@Cafe.example", "Sanne@Cafe.example"),
        ("sjérôme@müller.example", "sjérôme@xn--mller-kva.example"),
    ],
)
def test_a_domain_goes_in_the_letters_of_the_net(address: str, goes_to: str) -> None:
    assert make_ascii_domain(address) == goes_to


def test_only_the_part_before_the_at_needs_a_server_that_knows_more() -> None:
    assert [needs_utf8(one) for one in CAN] == [False] * 4 + [True, False, True]


def test_an_address_that_cannot_be_one_goes_the_other_way_or_is_said() -> None:
    remind_on = FRIDAY.replace(day=18)
    facts = make_facts(make_invoice(), email="sanne@cafe..example")
    assert decide(facts, DEFAULT_POLICY, today=remind_on).channel == "letter"
    nowhere = make_facts(make_invoice(), email="sanne@cafe..example", has_postal_address=False)
    decision = decide(nowhere, DEFAULT_POLICY, today=remind_on)
    assert decision.reason == "no_address"
    assert "het e-mailadres sanne@cafe..example kan niet kloppen" in decision.because.nl
    idn = make_facts(make_invoice(), email="kasse@müller.example")
    assert decide(idn, DEFAULT_POLICY, today=remind_on).channel == "email"
