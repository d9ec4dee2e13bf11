"""Which language a person reads: his choice, else what his account says, else Dutch."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from tijdig.core.problem import Sentence

GetResponse = Callable[[HttpRequest], HttpResponse]


def speak_to_person(get_response: GetResponse) -> GetResponse:
    """Middleware: answer in the language of the person who asks, also where no page is found."""

    def respond(request: HttpRequest) -> HttpResponse:
        _speak(request)
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        # The choice stands in a cookie: a cache between must not show it to others.
        patch_vary_headers(response, ("Cookie",))
        return response

    return respond


def _speak(request: HttpRequest) -> None:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    user = getattr(request, "user", None)
    if chosen not in dict(settings.LANGUAGES):
        chosen = user.language if user is not None and user.is_authenticated else "nl"
    if chosen not in dict(settings.LANGUAGES):
        chosen = settings.LANGUAGE_CODE
    translation.activate(chosen)
    request.LANGUAGE_CODE = chosen


def say(sentence: Sentence) -> str:
    """The sentence in the language that is being spoken; amounts stay on one line."""
    text = sentence.in_language(translation.get_language() or settings.LANGUAGE_CODE)
    return text.replace("€ ", "€\N{NO-BREAK SPACE}")
