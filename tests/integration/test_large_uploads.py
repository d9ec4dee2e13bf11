"""A large statement that is brought on the page is read from disk, never held whole."""

import tracemalloc
from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.urls import reverse
from tests.integration.books import Listed, make_list, make_payment, make_statement
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.models import BankLine
from tijdig.desk.imports import read_upload
from tijdig.tenants.scope import administration_scope

MEGABYTE = 1024 * 1024


@pytest.fixture
def large() -> bytes:
    """Seven megabytes with one payment."""
    statement = make_statement(make_payment(5_000, "x", on=date(2026, 3, 2)))
    return statement.replace(b"</Ntry>", b"</Ntry>" + b" " * 7 * MEGABYTE)


def test_a_large_statement_comes_in(administration: UUID, large: bytes) -> None:
    client = sign_in(make_person(administration))
    address = reverse("imports", kwargs={"slug": slug_of(administration)})
    client.post(address, {"files": SimpleUploadedFile("afschrift.xml", large)})
    with administration_scope(administration):
        assert list(BankLine.objects.values_list("cents", flat=True)) == [5_000]


def test_a_large_statement_waits_beside_a_list(administration: UUID, large: bytes) -> None:
    """What is left of it between the preview and the import is the file on disk."""
    client = sign_in(make_person(administration))
    address = {"slug": slug_of(administration)}
    files = [
        SimpleUploadedFile("afschrift.xml", large),
        SimpleUploadedFile("posten.csv", make_list(Listed("2026-0412", 12_100))),
    ]
    start = reverse("imports", kwargs=address)
    page = client.post(start, {"files": files}, follow=True).content.decode()
    ticket = page.partition('name="ticket" value="')[2].partition('"')[0]
    told = {"ticket": ticket, "at": "1", "leave_out": "1"}
    client.post(reverse("list-preview", kwargs=address), told)
    with administration_scope(administration):
        assert list(BankLine.objects.values_list("cents", flat=True)) == [5_000]


def test_it_is_not_held(large: bytes) -> None:
    with TemporaryUploadedFile("afschrift.xml", "text/xml", len(large), None) as file:
        file.write(large)
        file.seek(0)
        tracemalloc.start()
        received = read_upload(file)
        read = sum(len(piece) for piece in received.iterate())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert read == len(large)
    assert most < MEGABYTE
