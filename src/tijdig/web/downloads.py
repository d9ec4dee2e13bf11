"""Files that people take away: never opened inside our own pages."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

SAFE_TYPES = frozenset({"application/pdf"})


def make_download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """A download; a type that a browser might run is named as plain bytes."""
    safe_type = media_type if media_type in SAFE_TYPES else "application/octet-stream"
    response = HttpResponse(content, content_type=safe_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
