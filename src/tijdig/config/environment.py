"""The environment: where Tijdig lives and what it was told. A wrong value stops the start."""

import os
from pathlib import Path
from uuid import UUID

CHECKOUT = Path(__file__).resolve().parents[3]


class WrongSetting(Exception):  # noqa: N818 - the sentence is the name
    """A setting has a value that cannot be used; the text says what to do."""


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
    raise WrongSetting(f"{name}={told!r} is not understood: write 1 or 0.")


def whole_number(name: str, *, otherwise: int) -> int:
    """A whole number of nought or more. Refuses anything else."""
    told = text(name)
    if not told:
        return otherwise
    if not told.isdecimal():
        raise WrongSetting(f"{name}={told!r} is not understood: write a whole number.")
    return int(told)


def choice(name: str, *, of: tuple[str, ...], otherwise: str) -> str:
    """One of a few words. Refuses every other word."""
    told = text(name, otherwise).lower() or otherwise
    if told not in of:
        raise WrongSetting(f"{name}={told!r} is not understood: write one of {', '.join(of)}.")
    return told


def unique_id(name: str) -> str:
    """A UUID as text; empty where none is told. Refuses anything else."""
    told = text(name)
    try:
        return str(UUID(told)) if told else ""
    except ValueError:
        raise WrongSetting(
            f"{name}={told!r} is not understood: copy it from the file instance.json."
        ) from None
