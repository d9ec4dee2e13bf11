"""The typeface of the letters, for the screen too: it comes in a package, not over the line."""

from importlib.resources import files

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

WEIGHTS = {"regular": "Regular", "semibold": "Semibold", "bold": "Bold"}
ONE_YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def typeface(_request: HttpRequest, weight: str) -> HttpResponse:
    """One weight of Source Sans, to be kept by the browser."""
    if weight not in WEIGHTS:
        raise Http404
    path = files("font_source_sans_pro") / "files" / f"SourceSansPro-{WEIGHTS[weight]}.otf"
    response = HttpResponse(path.read_bytes(), content_type="font/otf")
    response["Cache-Control"] = f"public, max-age={ONE_YEAR_SECONDS}, immutable"
    return response
