"""Btw terug: what was done to collect an invoice stands with it, on the page and in the file."""

import csv
import io
from datetime import date

from django.urls import reverse
from tests.faults.smtp_sink import SmtpSink
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_business_claims import live_to_demand, make_office, pay

from tijdig.ledger.models import Invoice
from tijdig.tenants.scope import administration_scope


def test_the_list_says_what_was_done_to_collect_and_what_was_paid_before(
    database: None, sink: SmtpSink
) -> None:
    administration = make_office(amount="1.210,00", business_costs="none", interest_from="nobody")
    live_to_demand(administration)
    client, slug = sign_in(make_person(administration)), slug_of(administration)
    asked = {"dag": "2027-03-02"}
    with administration_scope(administration):
        Invoice.objects.update(vat_cents=21_000)
    day = date(2026, 5, 6)
    pay(administration, 21_000, on=day, shown_on=day)
    file = client.get(reverse("vat-refunds-csv", kwargs={"slug": slug}), asked)
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";")
    names = (
        "Factuur", "Laatste dag om te betalen", "Eén jaar voorbij op", "Toen open, met btw",
        "Toen open, zonder btw", "Btw terugvragen of weer betalen", "Eerder betaald of verrekend",
        "Gedaan om te innen",
    )  # fmt: skip
    assert [row[name] for name in names] == [
        "2026-0412", "02-03-2026", "02-03-2027", "1000,00", "826,45", "173,55", "210,00",
        "09-03-2026 Herinnering (e-mail); 01-04-2026 Laatste aanmaning (e-mail)",
    ]  # fmt: skip
    page = client.get(reverse("vat-refunds", kwargs={"slug": slug}), asked).content.decode()
    for said in ("2 keer", "Laatste aanmaning (e-mail)", "zonder btw", "eerder betaald"):
        assert said in page
