"""What can be an e-mail address, and how it is written on the way to a mail server.

One plain mailbox: no quotes, no comments, no list. Source: RFC 5321 4.1.2 and 4.5.3.1, for other
letters RFC 6531 3.3 and RFC 5891 5 (a domain in Punycode, RFC 3492).
"""

import re
import unicodedata

_LONGEST_ADDRESS, _LONGEST_LOCAL_PART, _LONGEST_DOMAIN, _LONGEST_LABEL = 254, 64, 253, 63
_LOCAL_SIGNS = frozenset("!#$%&'*+-./=?^_`{|}~")
# What nearly every address looks like. A run asks it of every debtor, so this is tried first.
_USUAL = re.compile(
    r"(?=.{6,64}$)[0-9A-Za-z]+(?:[._+-][0-9A-Za-z]+)*"
    r"@(?:[0-9A-Za-z]+[.-])*[0-9A-Za-z]+\.[A-Za-z]+"
)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")


def is_email_address(address: str) -> bool:
    """Whether this can be the address of somebody elsewhere: a mailbox on a domain with a dot."""
    if _USUAL.fullmatch(address):
        return True
    domain = address.rpartition("@")[2]
    return is_mailbox(address) and "." in domain and not domain.rpartition(".")[2].isdigit()


def is_mailbox(address: str) -> bool:
    """Whether this is one plain address, fit for the envelope and the header."""
    local_part, at, domain = address.rpartition("@")
    return bool(at) and _is_local_part(local_part) and _is_domain(domain) and _fits(address)


def make_ascii_domain(address: str) -> str:
    """The address with its domain in the letters that every mail server knows.

    Raises: nothing; what is no address comes back as it can.
    """
    local_part, at, domain = address.rpartition("@")
    return f"{local_part}{at}{_encode_domain(domain)}"


def needs_utf8(address: str) -> bool:
    """Whether only a mail server that offers SMTPUTF8 can take this address."""
    return not address.rpartition("@")[0].isascii()


def _fits(address: str) -> bool:
    return len(address) <= _LONGEST_ADDRESS and len(make_ascii_domain(address)) <= _LONGEST_ADDRESS


def _is_local_part(part: str) -> bool:
    return (
        0 < len(part.encode("utf-8", "replace")) <= _LONGEST_LOCAL_PART
        and not part.startswith((".", "-"))
        and not part.endswith(".")
        and ".." not in part
        and all(_is_letter(sign) or sign in _LOCAL_SIGNS for sign in part)
    )


def _is_domain(domain: str) -> bool:
    if not all(_is_letter(sign) or sign in "-." for sign in domain):
        return False
    encoded = _encode_domain(domain)
    labels = encoded.split(".")
    return len(encoded) <= _LONGEST_DOMAIN and all(
        len(one) <= _LONGEST_LABEL and _LABEL.fullmatch(one) for one in labels
    )


def _is_letter(sign: str) -> bool:
    """A letter, a digit, or a mark on one."""
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


def _encode_domain(domain: str) -> str:
    return ".".join([_encode_label(one) for one in domain.split(".")])


def _encode_label(label: str) -> str:
    if label.isascii():
        return label
    plain = unicodedata.normalize("NFC", label.lower())
    return f"xn--{plain.encode('punycode').decode('ascii')}"
