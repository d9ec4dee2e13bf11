"""The forms with which staff record a case."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tijdig.core.disputes import CATEGORIES, ROOT_CAUSES
from tijdig.core.flags import FLAGS
from tijdig.core.plans import DEFAULT_GRACE_WORKING_DAYS
from tijdig.core.unpaid import UNPAID_REASONS
from tijdig.web.labels import HEARD_BY
from tijdig.web.language import say
from tijdig.web.rights import Desk

MOST_GRACE_WORKING_DAYS = 10
INTERVALS = (
    ("month", _("elke maand")),
    ("two_weeks", _("elke twee weken")),
    ("week", _("elke week")),
)
ROUNDINGS = (
    ("none", _("op de cent")),
    ("whole_euros", _("op hele euro's")),
    ("relative", _("op ronde bedragen")),
)
DEPTHS = (("all", _("alles")), ("reminders", _("alleen herinneringen")))
WAYS = (
    ("suspend", _("Opschorten tot een datum")),
    ("credit", _("Crediteren")),
    ("waive", _("Afboeken")),
    ("hand_over", _("Overdragen")),
)
NOTE = _("Notitie")


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


def _euros(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=10_000_000, decimal_places=2, localize=True
    )


def _words(label: Any, *, most: int = 2000) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=most, widget=forms.Textarea(attrs={"rows": 2})
    )


class CaseForm(forms.Form):
    """A form about a debtor: it knows his open invoices and who is at the desk."""

    def __init__(
        self, *args: Any, invoices: Sequence[tuple[str, str]], desk: Desk, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self.desk = desk
        for name, field in self.fields.items():
            if name in ("invoice", "invoices") and isinstance(field, forms.ChoiceField):
                is_optional = name == "invoice" and not field.required
                extra = [("", _("alles wat openstaat"))] if is_optional else []
                field.choices = [*extra, *invoices]
        if "owner" in self.fields:
            self.fields["owner"].initial = desk.actor


class DisputeForm(CaseForm):
    """Which part of which invoice is contested, and about what."""

    invoice = forms.ChoiceField(label=_("Factuur"))
    amount = _euros(_("Betwist bedrag, in euro"))
    category = forms.ChoiceField(label=_("Waarover"))
    note = _words(_("Wat zegt de debiteur"))
    owner = forms.CharField(label=_("Wie antwoordt"), max_length=100)
    deadline_on = _day(
        _("Antwoord uiterlijk op"),
        required=False,
        help_text=_("Leeg: het aantal werkdagen dat bij het onderwerp hoort."),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            (code, say(rule.name)) for code, rule in CATEGORIES.items()
        ]


class PromiseForm(CaseForm):
    """How much is paid, and when."""

    invoice = forms.ChoiceField(label=_("Waarvoor"), required=False)
    amount = _euros(_("Bedrag, in euro"))
    on = _day(_("Betaalt op"))
    note = _words(NOTE)


class PlanForm(CaseForm):
    """The calculator of a plan."""

    invoices = forms.MultipleChoiceField(
        label=_("Facturen"), widget=forms.CheckboxSelectMultiple(), required=False
    )
    count = forms.IntegerField(label=_("Aantal termijnen"), min_value=2, max_value=36, initial=3)
    first_on = _day(_("Eerste termijn op"))
    interval = forms.ChoiceField(label=_("Hoe vaak"), choices=INTERVALS)
    rounding = forms.ChoiceField(label=_("Afronden"), choices=ROUNDINGS)
    grace_working_days = forms.IntegerField(
        label=_("Werkdagen wachten na een termijn"),
        min_value=0,
        max_value=MOST_GRACE_WORKING_DAYS,
        initial=DEFAULT_GRACE_WORKING_DAYS,
        help_text=_("Zo lang heeft de bank nodig. Daarna vragen wij één keer na."),
    )
    note = _words(NOTE)


class ExtensionForm(CaseForm):
    """A later due date."""

    invoice = forms.ChoiceField(label=_("Factuur"))
    until_on = _day(_("Nieuwe vervaldatum"))
    reason = forms.CharField(label=_("Reden"), max_length=200, required=False)


class HoldForm(CaseForm):
    """What pauses, how deep, and until when."""

    invoice = forms.ChoiceField(label=_("Wat pauzeert"), required=False)
    depth = forms.ChoiceField(label=_("Wat stopt"), choices=DEPTHS)
    from_on = _day(_("Vanaf"))
    until_on = _day(_("Tot en met"))
    reason = forms.CharField(label=_("Reden"), max_length=200)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["from_on"].initial = self.desk.today
        self.fields["until_on"].initial = self.desk.today + timedelta(days=14)


class ReasonForm(CaseForm):
    """Why he has not paid, and how we heard it."""

    kind = forms.ChoiceField(label=_("Reden"))
    channel = forms.ChoiceField(label=_("Hoe hoorde u dit"), choices=HEARD_BY)
    invoice = forms.ChoiceField(label=_("Waarvoor"), required=False)
    address = forms.EmailField(
        label=_("E-mailadres voor een kopie"),
        required=False,
        help_text=_("Alleen als hij de factuur niet kreeg: het adres dat hij u noemde."),
    )
    by_letter = forms.BooleanField(label=_("Stuur de kopie per brief"), required=False)
    note = _words(NOTE)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (code, say(rule.name)) for code, rule in UNPAID_REASONS.items()
        ]


class ReplyForm(CaseForm):
    """What came in, and who deals with it."""

    channel = forms.ChoiceField(label=_("Hoe kwam het binnen"), choices=HEARD_BY)
    received_on = _day(_("Op"))
    text = _words(_("Wat staat erin"), most=10_000)
    owner = forms.CharField(label=_("Wie handelt het af"), max_length=100)
    deadline_on = _day(
        _("Uiterlijk op"), required=False, help_text=_("Leeg: binnen twee werkdagen.")
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["received_on"].initial = self.desk.today


class FlagForm(CaseForm):
    """A special situation, and whom to write to instead."""

    kind = forms.ChoiceField(label=_("Situatie"))
    from_on = _day(
        _("Sinds"), required=False, help_text=_("Leeg: vandaag, of de dag die er al staat.")
    )
    until_on = _day(
        _("Tot en met"),
        required=False,
        help_text=_("Leeg: tot iemand het beëindigt. Een moratorium duurt hoogstens zes maanden."),
    )
    source = forms.CharField(
        label=_("Hoe weet u dit"),
        max_length=200,
        required=False,
        help_text=_("Schrijf geen gezondheid of andere gevoelige gegevens op."),
    )
    representative = forms.CharField(
        label=_("Naam van wie in zijn plaats komt"), max_length=200, required=False
    )
    email = forms.EmailField(label=_("E-mailadres daarvan"), required=False)
    phone = forms.CharField(label=_("Telefoon daarvan"), max_length=30, required=False)
    street = forms.CharField(label=_("Straat en huisnummer"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=_("Plaats"), max_length=100, required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (code, say(rule.name)) for code, rule in FLAGS.items()
        ]


class AnswerForm(forms.Form):
    """The answer to a dispute."""

    root_cause = forms.ChoiceField(label=_("Waar kwam het door"))
    answer = forms.CharField(
        label=_("Antwoord, met de reden"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["root_cause"].choices = [  # type: ignore[attr-defined]
            (code, say(name)) for code, name in ROOT_CAUSES.items()
        ]


class TakeBackForm(forms.Form):
    """Why an answer to a dispute that has not gone out was a mistake."""

    because = forms.CharField(label=_("Waarom"), max_length=500)


class AddressForm(forms.Form):
    """Where a copy of the invoice may go, as the debtor said."""

    address = forms.EmailField(label=_("E-mailadres voor een kopie"), required=False)
    by_letter = forms.BooleanField(label=_("Stuur de kopie per brief"), required=False)


class ShiftForm(forms.Form):
    """One term of a plan, later."""

    position = forms.IntegerField(label=_("Termijn"), min_value=1)
    to_on = _day(_("Nieuwe dag"))


class OutcomeForm(forms.Form):
    """The decision after the last demand."""

    way = forms.ChoiceField(label=_("Wat doet u"), choices=WAYS)
    until_on = _day(_("Opschorten tot en met"), required=False)
    handed_to = forms.CharField(label=_("Overdragen aan"), max_length=200, required=False)
    note = _words(NOTE)


class OwnerForm(forms.Form):
    """Who decides, and by when."""

    owner = forms.CharField(label=_("Wie beslist"), max_length=100)
    deadline_on = _day(_("Uiterlijk op"))
