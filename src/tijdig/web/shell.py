"""What stands around every page: where one is, what waits, and the demo's clock."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

from tijdig.banking.queries import count_unmatched
from tijdig.dunning.queries.pages import count_open_calls
from tijdig.web.clock import read_demo_day
from tijdig.web.rights import Desk

Value = bool | str | object | Callable[[], object] | None


def shell(request: HttpRequest) -> dict[str, Value]:
    """Context processor; the counts are asked only by a template that shows them."""
    desk: Desk | None = getattr(request, "desk", None)
    context: dict[str, Value] = {
        "desk": desk,
        "demo": settings.DEMO,
        "demo_day": read_demo_day if settings.DEMO else None,
    }
    if desk is not None:
        context["open_calls"] = lambda: count_open_calls(
            today=desk.today, rehearsal=not desk.sending_on, for_creditor=desk.for_creditor
        )
        context["unmatched_lines"] = count_unmatched
    return context
