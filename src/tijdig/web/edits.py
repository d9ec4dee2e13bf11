"""Forms about what somebody else may change meanwhile: a form knows what it showed.

Whoever saves second hears what is different now; his own input stands in the form, and nothing is
lost. Lock the thing before reading it, so that of two at the same moment one is second.
"""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

SEEN = "seen"


class EditForm(forms.Form):
    """A form that shows a thing as it is; `by` is who changed it last, in words."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, now_is: Mapping[str, object], by: str = ""
    ) -> None:
        self._now_is = {name: _as_text(value) for name, value in now_is.items()}
        self._by = by
        packed = json.dumps(self._now_is)
        self._was = self._now_is if data is None else _read(data.get(SEEN, packed))
        if data is not None:
            # Shown once more, it shows what is so now: a second time he knows.
            data = data.copy()
            data[SEEN] = packed
        super().__init__(data, initial={**now_is, SEEN: packed})

    def clean(self) -> dict[str, Any]:
        """What was filled in, unless somebody else was first."""
        told = super().clean() or {}
        told.pop(SEEN, None)
        changed = [name for name, text in self._now_is.items() if self._was.get(name, text) != text]
        for name in changed:
            words = {"by": self._by or _("iemand anders"), "field": self.fields[name].label}
            words["now"] = self._say(name) or _("leeg")
            told_him = _("Intussen gewijzigd door %(by)s: %(field)s is nu %(now)s.") % words
            self.add_error(None, told_him)
        if changed:
            self.add_error(None, _("Uw invoer staat er nog. Kijk het na en bewaar nog een keer."))
        return told

    def _say(self, name: str) -> str:
        """How it is now, in the words of the form."""
        field, text = self.fields[name], self._now_is[name]
        if isinstance(field, forms.BooleanField):
            return _("ja") if text == "True" else _("nee")
        choices = getattr(field, "choices", ())
        return str(dict(choices).get(text, text)) if choices else text


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


def _read(packed: str) -> dict[str, str]:
    """What a form showed; whatever cannot be read showed nothing."""
    try:
        told = json.loads(packed)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
