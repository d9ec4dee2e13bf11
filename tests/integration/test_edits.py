"""Two people edit the same: who is second hears what is different now, and keeps his input (D4)."""

import json

from django import forms
from django.http import QueryDict

from tijdig.web.edits import EditForm


class PlaceForm(EditForm):
    city = forms.CharField(label="Plaats", required=False)
    how = forms.ChoiceField(label="Liefst per", choices=(("email", "e-mail"), ("letter", "brief")))
    is_open = forms.BooleanField(label="Open", required=False)


SHOWN = {"city": "Utrecht", "how": "email", "is_open": True}
NOW = {"city": "Zwolle", "how": "letter", "is_open": False}


def fill_in(seen: str | None) -> PlaceForm:
    data = QueryDict(mutable=True)
    data.update({"city": "Almere", "how": "email", "is_open": "on"})
    if seen is not None:
        data["seen"] = seen
    return PlaceForm(data, now_is=NOW, by="Piet")


def test_who_saw_how_it_is_now_saves_and_gets_his_own_fields_only() -> None:
    shown = PlaceForm(now_is=NOW).initial["seen"]
    form = fill_in(shown)
    assert form.is_valid()
    assert form.cleaned_data == {"city": "Almere", "how": "email", "is_open": True}


def test_who_saw_something_older_hears_every_difference_in_words() -> None:
    form = fill_in(PlaceForm(now_is=SHOWN).initial["seen"])
    assert form.non_field_errors() == [
        "Intussen gewijzigd door Piet: Plaats is nu Zwolle.",
        "Intussen gewijzigd door Piet: Liefst per is nu brief.",
        "Intussen gewijzigd door Piet: Open is nu nee.",
        "Uw invoer staat er nog. Kijk het na en bewaar nog een keer.",
    ]
    # Shown again, it shows what is so now, with what he filled in.
    assert json.loads(form["seen"].value()) == {name: str(value) for name, value in NOW.items()}
    assert form["city"].value() == "Almere"


def test_a_program_that_fills_the_form_in_is_not_asked_what_it_saw() -> None:
    assert fill_in(None).is_valid()
    assert fill_in("{").is_valid()
    assert fill_in("[]").is_valid()
