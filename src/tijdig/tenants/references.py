"""References between rows of one administration."""

from typing import Any, TypeVar

from django.db import models

_Set = TypeVar("_Set")
_Get = TypeVar("_Get")


class Reference(models.ForeignKey[_Set, _Get]):
    """A row of the same administration, which cannot go while somebody refers to it.

    The database holds the reference by the keys of both, the administration's and its own
    (`migrations/_guards.py`); so Django makes no constraint, no index and no way back for it.
    """

    def __init__(self, to: Any, **options: Any) -> None:
        held = {"on_delete": models.PROTECT, "related_name": "+"}
        super().__init__(to, **{**held, "db_constraint": False, "db_index": False, **options})

    def deconstruct(self) -> Any:
        """As a plain foreign key: that is all that a migration has to know."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
