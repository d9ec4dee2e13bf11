"""What nearly every address looks like is found sooner, and nothing else is let through by it."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tijdig.core.email_addresses import is_email_address, is_mailbox


@settings(max_examples=500, deadline=None)
@given(
    local_part=st.text("aZ09.-_+ é", max_size=40),
    domain=st.text("aZ09.-_@ ü", max_size=40),
    ending=st.sampled_from(["", ".nl", ".example", ".1", ".", "\n"]),
)
@example("a" * 60, "b", ".nl")
@example("a" * 61, "b", ".nl")
@example("a", "b" * 64, ".nl")
@example("a", "b-", ".nl")
@example("a", "b.c", "\n")
def test_the_usual_form_is_no_other_rule(local_part: str, domain: str, ending: str) -> None:
    address = f"{local_part}@{domain}{ending}"
    host = address.rpartition("@")[2]
    by_the_rule = is_mailbox(address) and "." in host and not host.rpartition(".")[2].isdigit()
    assert is_email_address(address) == by_the_rule


@settings(max_examples=200, deadline=None)
@given(
    st.from_regex(
        r"[a-z0-9]{1,9}([.+_-][a-z0-9]{1,9}){0,3}@([a-z0-9]{1,9}[.-]){1,4}[a-z]{2,5}",
        fullmatch=True,
    )
)
def test_what_people_have_is_an_address(address: str) -> None:
    domain = address.rpartition("@")[2]
    assert is_email_address(address) == (is_mailbox(address) and "." in domain)
