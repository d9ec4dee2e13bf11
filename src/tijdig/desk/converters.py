"""Numbers of debtors and invoices in URLs: whatever the books use, also with a slash in it."""

import re
from urllib.parse import unquote

_UNSAFE = re.compile(r"[~/\\]|^\.+$")


class NumberConverter:
    """Any text without losing a character; `~` marks what a path cannot hold."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The number as the books write it."""
        return re.sub(r"~([0-9A-F]{2})", lambda found: unquote(f"%{found[1]}"), value)

    def to_url(self, value: str) -> str:
        """The number as a part of a path; Django escapes the rest."""
        return _UNSAFE.sub(lambda found: "".join(f"~{ord(one):02X}" for one in found[0]), value)
