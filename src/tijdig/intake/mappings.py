"""How the columns of a list were read last time."""

from typing import Any

from tijdig.intake.models import Source


def find_mapping(key: str) -> dict[str, Any] | None:
    """The remembered columns of files of this shape; None where the headers decide."""
    return Source.objects.filter(key=key).values_list("mapping", flat=True).first() or None
