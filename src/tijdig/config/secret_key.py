"""The key that signs sessions: from the environment, else made once in the data folder."""

import os
import secrets
from pathlib import Path

from tijdig.config import environment


def load_secret_key(home: Path) -> str:
    """The key; a new one is written to `home/secret-key` (0600) when there is none.

    Refuses: a key that is too short, and a folder in which none can be made or read.
    """
    told = environment.text("TIJDIG_SECRET_KEY")
    if told:
        if len(told) < 50:
            raise environment.WrongSetting(
                "TIJDIG_SECRET_KEY is te kort: gebruik 50 tekens of meer.",
                "TIJDIG_SECRET_KEY is too short: use 50 signs or more.",
            )
        return told
    try:
        return _read_or_make(home / "secret-key")
    except OSError as error:
        raise environment.WrongSetting(
            f"In de gegevensmap {home} kan Tijdig niet schrijven of lezen ({error.strerror}). Kies"
            " met TIJDIG_HOME een map die van u is, of geef uzelf er rechten op.",
            f"Tijdig cannot write or read in the data folder {home} ({error.strerror}). Choose a"
            " folder of yours with TIJDIG_HOME, or give yourself permission for it.",
        ) from error


def _read_or_make(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(60)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key
