"""Which language a person reads: his choice, else what his account says, else Dutch."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from tijdig.core.problem import Sentence


def speak(request: HttpRequest) -> None:
    """Answer this request in the language of the person who asks."""
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
