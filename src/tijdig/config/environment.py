"""The environment: where Tijdig lives and what it was told. A wrong value stops the start."""

import os
from pathlib import Path
from uuid import UUID

from tijdig.core.problem import Sentence

CHECKOUT = Path(__file__).resolve().parents[3]


class WrongSetting(Exception):  # noqa: N818 - the sentence is the name
    """A setting has a value that cannot be used; the text says what to do."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(f"{nl} {en}")
        self.because = Sentence(nl, en)


def home() -> Path:
    """The data folder: `TIJDIG_HOME`, in a checkout `./var`, else `~/.local/share/tijdig`."""
    told = os.environ.get("TIJDIG_HOME", "")
    if told:
        return Path(told).expanduser().resolve()
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / "var"
    return Path.home() / ".local" / "share" / "tijdig"


def text(name: str, otherwise: str = "") -> str:
    """The value of a variable, without surrounding blanks."""
    return os.environ.get(name, otherwise).strip()


def switch(name: str, *, otherwise: bool) -> bool:
    """A yes or no. Refuses every other word."""
    told = text(name).lower()
    if not told:
        return otherwise
    if told in {"1", "yes", "true", "on", "ja"}:
        return True
    if told in {"0", "no", "false", "off", "nee"}:
        return False
    raise _not_understood(name, told, "schrijf 1 of 0", "write 1 or 0")


def whole_number(name: str, *, otherwise: int) -> int:
    """A whole number of nought or more. Refuses anything else."""
    told = text(name)
    if not told:
        return otherwise
    if not told.isdecimal():
        raise _not_understood(name, told, "schrijf een geheel getal", "write a whole number")
    return int(told)


def choice(name: str, *, of: tuple[str, ...], otherwise: str) -> str:
    """One of a few words. Refuses every other word."""
    told = text(name, otherwise).lower() or otherwise
    if told not in of:
        words = ", ".join(of)
        raise _not_understood(name, told, f"kies uit {words}", f"write one of {words}")
    return told


def unique_id(name: str) -> str:
    """A UUID as text; empty where none is told. Refuses anything else."""
    told = text(name)
    try:
        return str(UUID(told)) if told else ""
    except ValueError:
        raise _not_understood(
            name,
            told,
            "neem over wat in het bestand instance.json staat",
            "copy it from the file instance.json",
        ) from None


def _not_understood(name: str, told: str, mend: str, mend_en: str) -> WrongSetting:
    return WrongSetting(
        f"{name}={told!r} is niet te begrijpen: {mend}.",
        f"{name}={told!r} is not understood: {mend_en}.",
    )
