"""What a page with a form answers; a page without one is Django's `require_safe`.

Whatever answers GET answers HEAD too: watchers and link checkers ask that way.
"""

from django.views.decorators.http import require_http_methods

page_with_form = require_http_methods(["GET", "HEAD", "POST"])
