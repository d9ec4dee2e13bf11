"""Whether a file of collections holds by the schema of ISO 20022, before anybody gets it."""

from functools import lru_cache
from importlib.resources import files
from typing import Final

from lxml import etree

from tijdig.core.direct_debits.banks import Version
from tijdig.core.problem import Refusal

_LONGEST_REASON: Final = 200


def refuse_invalid(content: bytes, *, version: Version) -> None:
    """Nothing when the file holds by its schema; else a Refusal with line and reason.

    That means a fault of this program: nothing is handed out then.
    """
    schema = _load_schema(version)
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    if schema.validate(root):
        return
    first = next((one for one in schema.error_log), None)  # type: ignore[attr-defined]
    said = f"regel {first.line}: {first.message}"[:_LONGEST_REASON] if first else ""
    raise Refusal(
        f"Het incassobestand voldoet niet aan pain.008.{version} en is niet gemaakt. Meld dit aan"
        f" de beheerder ({said}).",
        f"The collection file does not hold by pain.008.{version} and was not made. Report this to"
        f" the administrator ({said}).",
    )


@lru_cache(maxsize=2)
def _load_schema(version: Version) -> etree.XMLSchema:
    path = files("sepaxml").joinpath("schemas", f"pain.008.{version}.xsd")
    return etree.XMLSchema(etree.fromstring(path.read_bytes()))
