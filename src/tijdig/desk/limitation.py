"""Verjaring: what can soon not be enforced any more, and how each day came about."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tijdig.desk.listing import read_asked
from tijdig.dunning.queries.limitation import MOST_ROWS, LimitationTab
from tijdig.dunning.queries.limitation_list import list_limitations
from tijdig.web.labels import ENTRY_KINDS, LIMITATION_WARNINGS, label_of
from tijdig.web.rights import Desk, at_desk

TABS = (("soon", _("Binnen een half jaar")), ("over", _("Verstreken")))


@require_safe
@at_desk
def limitation(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The invoices, costs and interest, the first to end first."""
    asked = read_asked(request, TABS)
    rows = list_limitations(tab=cast("LimitationTab", asked.tab), today=desk.today)
    context = {
        "section": "invoices",
        "asked": asked,
        "rows": [
            (row, LIMITATION_WARNINGS[row.warning_days], label_of(ENTRY_KINDS, row.claim))
            for row in rows
            if row.warning_days is not None
        ],
        "is_cut": len(rows) >= MOST_ROWS,
        "most": MOST_ROWS,
    }
    return render(request, "desk/limitation/list.html", context)
