"""The administration is read by one written statement: the same as the model reads it."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.integration.office import make_administration

from tijdig.tenants.ids import new_id
from tijdig.tenants.models import Administration
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope


@pytest.fixture
def administration_id(database: None) -> UUID:
    return make_administration(guards={"bank_fresh_days": 2, "amount_limit_cents": None})


def test_it_is_what_the_model_reads_and_asks_no_more(administration_id: UUID) -> None:
    with administration_scope(administration_id):
        read = Administration.objects.select_related("organisation").get(id=administration_id)
        found = load_administration()
        with CaptureQueriesContext(connection) as asked:
            organisation = found.organisation
    assert len(asked) == 0
    assert vars(found).keys() == vars(read).keys()
    names = [one.attname for one in Administration._meta.concrete_fields]
    assert [getattr(found, one) for one in names] == [getattr(read, one) for one in names]
    assert vars(organisation)["name"] == read.organisation.name
    assert organisation == read.organisation


def test_what_is_changed_on_it_can_be_saved(administration_id: UUID) -> None:
    with administration_scope(administration_id):
        found = load_administration()
        found.bank_fresh_days = 3
        found.save(update_fields=["bank_fresh_days"])
        assert load_administration().bank_fresh_days == 3


def test_an_administration_that_is_not_there_is_no_empty_one(database: None) -> None:
    with administration_scope(new_id()), pytest.raises(Administration.DoesNotExist):
        load_administration()
