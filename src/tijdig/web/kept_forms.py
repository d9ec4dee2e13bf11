"""A form that was sent to be worked out, kept for the page that follows: nothing is sent twice."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

ASKED = "voorbeeld"
_KEY = "kept_form"


def keep_form(request: HttpRequest) -> HttpResponse:
    """Keep what was filled in with the session, and go to the same page to see what it gives."""
    told = request.POST.copy()
    told.pop("csrfmiddlewaretoken", None)
    request.session[_KEY] = {"path": request.path, "told": told.urlencode()}
    return HttpResponseRedirect(f"{request.path}?{ASKED}=1")


def find_kept(request: HttpRequest) -> QueryDict | None:
    """What was filled in on this page, where its outcome is asked for; None where nothing was."""
    kept = request.session.get(_KEY)
    if ASKED not in request.GET or not isinstance(kept, dict) or kept["path"] != request.path:
        return None
    return QueryDict(kept["told"])


def forget_kept(request: HttpRequest) -> None:
    """The form is done."""
    request.session.pop(_KEY, None)
