"""Whether a payer's name is that of the debtor, or of somebody near him."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Likeness = Literal["same", "close", "family", "other", "unknown"]

_WORD = re.compile(r"[A-Z]+")
_EMPTY = frozenset(
    "BV NV VOF CV EO EN OF DE DER DEN VAN TEN TER HET HR DHR MR MW MEVR MEVROUW DRS ING IR "
    "STICHTING HOLDING BEHEER NEDERLAND NL THE AND CJ EENMANSZAAK".split()
)
_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ł": "l", "Ł": "L"})
_WORD_AT_LEAST = 3
_KEY_WORDS = 2
_WORDS_AT_MOST = 5


@lru_cache(maxsize=131_072)
def list_name_words(name: str) -> tuple[str, ...]:
    """The words that tell one name from another: no titles, legal forms, particles, initials."""
    text = name if name.isascii() else _write_plain(name)
    text = text.upper()
    if "." in text:
        text = text.replace("B.V.", " ").replace("V.O.F.", " ").replace(".", " ")
    words = _WORD.findall(text)
    return tuple([word for word in words if len(word) >= _WORD_AT_LEAST and word not in _EMPTY])


def _write_plain(name: str) -> str:
    """The name without accents; what is no letter of ours is gone."""
    plain = unicodedata.normalize("NFKD", name.translate(_SPECIAL))
    return plain.encode("ascii", "ignore").decode()


def make_name_keys(name: str) -> frozenset[str]:
    """The keys under which a debtor may stand who bears this name: each word, each two of them."""
    words = sorted(set(list_name_words(name)[:_WORDS_AT_MOST]))
    pairs = {one + other for one in words for other in words if one < other}
    return frozenset(pairs | set(words))


def make_name_key(name: str) -> str:
    """The key of a debtor: the two longest words of his name; "" without any."""
    words = sorted(set(list_name_words(name)), key=lambda word: (-len(word), word))[:_KEY_WORDS]
    return "".join(sorted(words))


@lru_cache(maxsize=262_144)
def compare_names(payer: str, debtor: str) -> Likeness:
    """How near the payer's name is to the debtor's; `family` shares the last word only."""
    left, right = list_name_words(payer), list_name_words(debtor)
    if not left or not right:
        return "unknown"
    ours, theirs = set(left), set(right)
    shared = ours & theirs
    if not shared:
        return "close" if _is_cut(left, right) else "other"
    if ours == theirs:
        return _weigh_initials(payer, debtor, shared) if len(theirs) == 1 else "same"
    if theirs <= ours or (ours <= theirs and len(ours) > 1):
        return _weigh_initials(payer, debtor, shared) if len(theirs) == 1 else "close"
    if _is_cut(left, right):
        return "close"
    if ours < theirs and right[-1] in shared and _first_letter(payer, shared):
        return _weigh_initials(payer, debtor, shared)
    return "family" if right[-1] in shared or left[-1] in shared else "other"


def _weigh_initials(payer: str, debtor: str, surname: set[str]) -> Likeness:
    """Of two people with one surname, whether the first letter of what stands before it agrees."""
    ours, theirs = _first_letter(payer, surname), _first_letter(debtor, surname)
    if not ours or not theirs:
        return "close"
    return "same" if ours == theirs else "family"


def _first_letter(name: str, surname: set[str]) -> str:
    for word in _WORD.findall(name.upper()):
        if word not in _EMPTY and word not in surname:
            return str(word[0])
    return ""


def _is_cut(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether one name is the other, cut off or written together by a bank."""
    ours, theirs = "".join(left), "".join(right)
    shorter, longer = sorted((ours, theirs), key=len)
    return len(shorter) >= 8 and longer.startswith(shorter)
