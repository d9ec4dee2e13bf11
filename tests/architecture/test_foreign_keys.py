"""Keys point down: import-linter does not see a foreign key that is given by name, this does."""

import re
import tomllib
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model
from django.db.models.fields.related import RelatedField
from tests.architecture.source_tree import ROOT

FLOW = "The order of the flow: a package imports only what stands below it"


def load_layers() -> dict[str, int]:
    """Each package with its height in the order of the flow; core is the lowest."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (flow,) = (one for one in contracts["contracts"] if one["name"] == FLOW)
    heights = enumerate(reversed(flow["layers"]))
    return {name: height for height, layer in heights for name in re.findall(r"\w+", layer)}


def list_keys() -> Iterator[tuple[str, RelatedField]]:
    """Every key of every table of ours, with a name to find it by."""
    for model in apps.get_app_config("tijdig").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, RelatedField):
                yield f"{model.__name__}.{field.name}", field


def package_of(model: type[Model]) -> str:
    return model.__module__.split(".")[1]


def ends_of(field: RelatedField) -> tuple[str, str]:
    """The package that a key stands in and the one that it points to."""
    return package_of(field.model), package_of(field.remote_field.model)


def test_the_order_is_read_as_it_is_written() -> None:
    layers = load_layers()
    assert layers["core"] == 0
    assert layers["core"] < layers["tenants"] < layers["timeline"] < layers["ledger"]
    assert layers["messaging"] == layers["banking"] < layers["dunning"] < layers["desk"]


def test_a_key_points_to_its_own_package_or_to_a_lower_one() -> None:
    layers = load_layers()
    keys = {name: ends_of(field) for name, field in list_keys()}
    assert len(keys) > 30
    wrong = {
        name: ends
        for name, ends in keys.items()
        if ends[0] != ends[1] and layers[ends[1]] >= layers[ends[0]]
    }
    assert wrong == {}


def test_a_key_to_another_package_has_no_way_back() -> None:
    named = [
        name
        for name, field in list_keys()
        if len(set(ends_of(field))) > 1 and field.remote_field.related_name != "+"
    ]
    assert named == []


def test_every_table_of_ours_stands_in_a_package_of_the_order() -> None:
    models = apps.get_app_config("tijdig").get_models()
    assert {package_of(model) for model in models} <= load_layers().keys()
