"""Who may open a page: signed in, a member of the administration in the URL, in a role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect

from tijdig.core.problem import Refusal
from tijdig.tenants.queries import find_administration, find_membership, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import moment_now, today_of
from tijdig.web.language import say

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ROLES_THAT_CHANGE = frozenset({"owner", "controller"})


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody works now: the administration, who he is, and what day it is there."""

    administration_id: UUID
    slug: str
    name: str
    sending_on: bool
    silenced_because: str
    run_at: str
    role: str
    for_creditor: bool
    actor: str
    first_name: str
    today: date
    now: datetime

    @property
    def is_clock_doubtful(self) -> bool:
        """Whether sending is off because the clock jumped."""
        return self.silenced_because == "clock"

    @property
    def may_change(self) -> bool:
        """Whether this person may do more than read."""
        return self.role in ROLES_THAT_CHANGE

    @property
    def is_owner(self) -> bool:
        """Whether this person decides about settings and sending."""
        return self.role == "owner"


# The first argument after the request differs: a view takes the desk, its URL gives a slug.
View = Callable[..., HttpResponse]


def at_desk(view: View) -> View:
    """Open a page only to a member of its administration, in one transaction of that one.

    A stranger and a missing page look the same (404); a reader who posts gets 403. A refusal
    undoes the transaction and comes back as a message on the page where the person was.
    """

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **named: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        administration_id = find_administration(slug)
        if administration_id is None:
            raise Http404
        try:
            with administration_scope(administration_id):
                desk = _open_desk(request)
                return view(request, desk, **named)
        except Refusal as refusal:
            return _show_refusal(request, refusal)

    return guarded


def owner_only(view: View) -> View:
    """Within `at_desk`: only an owner may change what this page holds."""

    @wraps(view)
    def guarded(request: HttpRequest, desk: Desk, **named: object) -> HttpResponse:
        if request.method not in SAFE_METHODS and not desk.is_owner:
            raise PermissionDenied
        return view(request, desk, **named)

    return guarded


def signed_in(view: View) -> View:
    """Open a page outside every administration to whoever is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, **named: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        return view(request, **named)

    return guarded


def refuse_forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form of a page that was open too long, or of another site: nothing was done."""
    return render(request, "web/form_over.html", status=403)


def user_id_of(request: HttpRequest) -> UUID:
    """The id of whoever is signed in."""
    user_id = request.user.pk
    if not isinstance(user_id, UUID):
        raise PermissionDenied
    return user_id


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The whole page goes to the door, also where only a part of it was asked for.

    Who sent a form comes back to its page, not to an address that only takes forms.
    """
    if not request.headers.get("HX-Request"):
        if request.method in SAFE_METHODS:
            return redirect_to_login(request.get_full_path())
        return redirect_to_login(_find_page_before(request) or "/")
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = urlunsplit(("", "", page.path, page.query, "")) or "/"
    return HttpResponseClientRedirect(redirect_to_login(back).url)


def _find_page_before(request: HttpRequest) -> str:
    """The page of ours where the person was; empty where that was elsewhere."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return ""
    return urlunsplit(("", "", f"/{page.path.lstrip('/')}", page.query, ""))


def _open_desk(request: HttpRequest) -> Desk:
    place = find_membership(user_id_of(request))
    if place is None:
        raise Http404
    role = place.role
    if request.method not in SAFE_METHODS and role not in ROLES_THAT_CHANGE:
        raise PermissionDenied
    administration = load_administration()
    name = str(request.user)
    desk = Desk(
        administration_id=administration.id,
        slug=administration.slug,
        name=administration.name,
        sending_on=administration.sending_on,
        silenced_because=administration.silenced_because,
        run_at=administration.run_at.strftime("%H:%M"),
        role=role,
        for_creditor=place.for_creditor,
        actor=name[:100],
        first_name=name.split("@", maxsplit=1)[0].split(maxsplit=1)[0],
        today=today_of(administration),
        now=moment_now(),
    )
    request.desk = desk  # type: ignore[attr-defined]
    return desk


def _show_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    back = _find_page_before(request)
    if request.method in SAFE_METHODS:
        context = {"because": say(refusal.because), "back": back}
        return render(request, "web/refusal.html", context, status=409)
    messages.error(request, say(refusal.because))
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(back or "/")
    return HttpResponseRedirect(back or "/")
