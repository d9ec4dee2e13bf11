"""Load what messages are made of: a fixed number of statements for any messages."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from tijdig.core.creditor_rules import (
    BusinessCosts,
    CreditorRules,
    InterestFrom,
    is_consumer,
    is_term_agreed,
)
from tijdig.core.law.agreed_costs import AgreedCosts
from tijdig.core.law.collection_costs import may_add_vat
from tijdig.core.law.contact_hours import acts_for_another
from tijdig.core.protection import ACTS_FIRST
from tijdig.ledger.models import Debtor
from tijdig.ledger.queries.sql import kind_of
from tijdig.messaging.composition import (
    NOTHING_AGREED,
    Addressee,
    Agreed,
    Composition,
    Creditor,
    Earlier,
    ListedItem,
)
from tijdig.messaging.queries import find_addressee
from tijdig.messaging.received_money import list_open_money, load_listed_money
from tijdig.tenants.bulk import execute
from tijdig.tenants.law_rates import load_known_rates
from tijdig.tenants.models import Administration
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

_MESSAGES = f"""
SELECT message.id, message.text, message.tone, message.total_cents, message.payment_reference,
       message.pay_by_on, message.language, debtor.name, debtor.number, reached.*,
       message.costs_cents, message.vat_cents, {kind_of("debtor")}, message.phase, (
            SELECT original.planned_on FROM tijdig_message original
            WHERE original.administration_id = message.administration_id
              AND original.id = message.copy_of AND original.reason = 'replaced_by_copy')
FROM tijdig_message message
JOIN tijdig_debtor debtor
  ON debtor.administration_id = message.administration_id AND debtor.id = message.debtor_id
JOIN tijdig_contact contact
  ON contact.administration_id = debtor.administration_id AND contact.debtor_id = debtor.id
LEFT JOIN LATERAL (
    SELECT representative, email, street, postal_code, city FROM tijdig_debtorflag flag
    WHERE flag.administration_id = debtor.administration_id AND flag.debtor_id = debtor.id
      AND flag.kind IN ('bewind', 'curatele') AND flag.lifted_on IS NULL
      AND flag.from_on <= %s AND (flag.until_on IS NULL OR flag.until_on >= %s)
      AND (flag.email <> '' OR (flag.street <> '' AND flag.city <> ''))
    ORDER BY flag.kind <> %s, flag.from_on, flag.id LIMIT 1
) instead ON true
JOIN LATERAL (
    SELECT instead.representative, instead.email, instead.street, instead.postal_code,
           instead.city, 'NL'
    WHERE instead.representative IS NOT NULL
    UNION ALL
    SELECT contact.name, contact.email, contact.street, contact.postal_code, contact.city,
           contact.country
    WHERE instead.representative IS NULL
) reached ON true
WHERE message.administration_id = %s AND message.id = ANY(%s)
"""

_ITEMS = """
SELECT message.id, listed.item_id, invoice.number, listed.cents, invoice.issued_on,
       invoice.due_on, invoice.invoiced_cents, invoice.order_reference,
       invoice.customer_reference, invoice.term, invoice.discount_cents,
       invoice.discount_until, (
            SELECT coalesce(sum(entry.cents), 0)::bigint FROM tijdig_entry entry
            WHERE entry.administration_id = invoice.administration_id
              AND entry.open_item_id = invoice.open_item_id)
FROM tijdig_message message
CROSS JOIN unnest(message.listed_items, message.listed_cents) AS listed (item_id, cents)
JOIN tijdig_invoice invoice
  ON invoice.administration_id = message.administration_id
 AND invoice.open_item_id = listed.item_id
WHERE message.administration_id = %s AND message.id = ANY(%s)
ORDER BY message.id, invoice.due_on, invoice.number
"""

# What is open of a claim line, what was asked, and what need not be paid of that: it was waived
# or taken back. A payment that was undone asks nothing more.
_CLAIM_BALANCE = """
JOIN LATERAL (
    SELECT sum(cents)::bigint AS cents,
           coalesce(sum(cents) FILTER (WHERE kind IN ('costs', 'interest')), 0)::bigint AS claimed,
           coalesce(-sum(cents) FILTER (WHERE kind IN ('waived', 'withdrawn')), 0)::bigint
               AS dropped
    FROM tijdig_entry entry
    WHERE entry.administration_id = line.administration_id
      AND entry.open_item_id = line.open_item_id
) balance ON true
"""

_CLAIMS = f"""
SELECT message.id, line.kind, listed.cents, line.claimed_on, line.article,
       line.calculation, balance.claimed, balance.dropped
FROM tijdig_message message
CROSS JOIN unnest(message.listed_items, message.listed_cents) AS listed (item_id, cents)
JOIN tijdig_claimline line
  ON line.administration_id = message.administration_id AND line.open_item_id = listed.item_id
{_CLAIM_BALANCE}
WHERE message.administration_id = %s AND message.id = ANY(%s)
ORDER BY message.id, line.claimed_on, line.kind, line.id
"""

_OPEN_INVOICES = """
SELECT invoice.number, balance.cents, invoice.issued_on, invoice.due_on, invoice.invoiced_cents,
       invoice.order_reference, invoice.customer_reference
FROM tijdig_openitem item
JOIN tijdig_invoice invoice
  ON invoice.administration_id = item.administration_id AND invoice.open_item_id = item.id
JOIN LATERAL (
    SELECT sum(cents)::bigint AS cents FROM tijdig_entry entry
    WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id
) balance ON true
WHERE item.administration_id = %s AND item.debtor_id = %s AND item.closed_on IS NULL
  AND item.currency = 'EUR'
ORDER BY invoice.due_on, invoice.number
"""

_OPEN_CLAIMS = f"""
SELECT line.kind, balance.cents, line.claimed_on, line.article, line.calculation, balance.claimed,
       balance.dropped
FROM tijdig_openitem item
JOIN tijdig_claimline line
  ON line.administration_id = item.administration_id AND line.open_item_id = item.id
{_CLAIM_BALANCE}
WHERE item.administration_id = %s AND item.debtor_id = %s AND item.closed_on IS NULL
  AND balance.cents > 0
ORDER BY line.claimed_on, line.kind, line.id
"""

_EARLIER = """
SELECT message.id, before.step_key, before.planned_on, before.channel, before.phase
FROM tijdig_message message
JOIN tijdig_message before
  ON before.administration_id = message.administration_id
 AND before.debtor_id = message.debtor_id AND before.id <> message.id
 AND before.carrying_item_id = message.carrying_item_id
 AND before.reopen_count = message.reopen_count
 AND before.phase <> 'copy'
 AND (before.state IN ('accepted', 'delivered')
      OR (before.state = 'bounced_hard' AND before.phase = 'veertiendagenbrief'))
WHERE message.administration_id = %s AND message.id = ANY(%s)
ORDER BY message.id, before.planned_on, before.id
"""


def load_compositions(
    message_ids: Sequence[UUID], *, written_on: date, agreed: Agreed = NOTHING_AGREED
) -> dict[UUID, Composition]:
    """Each message's composition by its id, with the amounts that it lists."""
    parameters = [active_administration(), list(message_ids)]
    administration = load_administration()
    creditor = describe_creditor(administration)
    rules = describe_rules(administration)
    items, terms = _load_items(parameters, agreed, written_on=written_on)
    earlier, replaces_on = _load_earlier(parameters)
    messages = execute(_MESSAGES, [written_on, written_on, ACTS_FIRST, *parameters]).fetchall()
    for message_id, item in _load_claims(
        parameters, languages={row[0]: row[6] for row in messages}
    ):
        items[message_id].append(item)
    for message_id, item in load_listed_money(parameters):
        items[message_id].append(item)
    return {
        row[0]: Composition(
            text=row[1],
            tone=row[2],
            written_on=written_on,
            creditor=creditor,
            addressee=_make_addressee(row),
            items=tuple(items[row[0]]),
            total_cents=row[3],
            payment_reference=row[4],
            pay_by_on=row[5],
            earlier=tuple(earlier[row[0]]),
            hand_over_to=administration.hand_over_to,
            copy_of_on=row[19],
            new_costs_cents=row[15],
            new_vat_cents=row[16],
            replaces_on=(replaces_on.get(row[0]) or row[19])
            if row[18] == "veertiendagenbrief"
            else None,
            puts_in_default=is_consumer(row[17])
            and row[0] not in agreed.late
            and not all(is_term_agreed(rules, row[17], term) for term in terms[row[0]]),
            plan=agreed.plans.get(row[0]),
            debit=agreed.debits.get(row[0]),
            case=agreed.cases.get(row[0]),
            to_business=not is_consumer(row[17]),
        )
        for row in messages
    }


def _make_addressee(row: tuple[Any, ...]) -> Addressee:
    """The debtor at his own address, or at that of who represents him."""
    return Addressee(
        name=row[7],
        number=row[8],
        contact_name=row[9],
        email=row[10],
        street=row[11],
        postal_code=row[12],
        city=row[13],
        country=row[14] or "NL",
        language=row[6],
    )


def _load_items(
    parameters: Sequence[Any], agreed: Agreed, *, written_on: date
) -> tuple[defaultdict[UUID, list[ListedItem]], defaultdict[UUID, set[str]]]:
    """The invoices and credit notes of each message, and how its invoices' terms came to be."""
    items: defaultdict[UUID, list[ListedItem]] = defaultdict(list)
    terms: defaultdict[UUID, set[str]] = defaultdict(set)
    for row in execute(_ITEMS, parameters).fetchall():
        item = _list_item(row, agreed, written_on=written_on)
        items[row[0]].append(item)
        if not item.is_credit_note:
            terms[row[0]].add(row[9])
    return items, terms


def _list_item(row: tuple[Any, ...], agreed: Agreed, *, written_on: date) -> ListedItem:
    _, item_id, number, cents, issued_on, due_on, invoiced_cents, order, customer = row[:9]
    _, discount_cents, discount_until, balance = row[9:]
    # Only who pays all that is open, within the term, may keep the discount.
    runs = discount_until is not None and written_on <= discount_until
    kept = discount_cents if runs and 0 < discount_cents < cents == balance else 0
    return ListedItem(
        number=number,
        is_credit_note=cents < 0,
        issued_on=issued_on,
        due_on=agreed.due_on.get(item_id, due_on),
        invoiced_cents=invoiced_cents,
        open_cents=cents,
        order_reference=order,
        customer_reference=customer,
        aside_cents=max(balance - cents, 0) if cents > 0 else 0,
        failed_debit_on=agreed.failed_debits.get(item_id),
        discount_cents=kept,
        discount_until=discount_until if kept else None,
    )


def _load_earlier(
    parameters: Sequence[Any],
) -> tuple[defaultdict[UUID, list[Earlier]], dict[UUID, date]]:
    """What went before each message, and the day of the letter that it would replace."""
    earlier: defaultdict[UUID, list[Earlier]] = defaultdict(list)
    letters: dict[UUID, date] = {}
    for message_id, step_key, on, channel, phase in execute(_EARLIER, parameters).fetchall():
        earlier[message_id].append(Earlier(step_key, on, channel))
        if phase == "veertiendagenbrief":
            letters[message_id] = on
    return earlier, letters


def _load_claims(
    parameters: Sequence[Any], *, languages: Mapping[UUID, str]
) -> Iterator[tuple[UUID, ListedItem]]:
    """The costs and interest that messages list, each with its calculation in their language."""
    for message_id, *row in execute(_CLAIMS, parameters).fetchall():
        yield message_id, _describe_claim(row, languages[message_id])


def load_statement(debtor_id: UUID, *, written_on: date) -> Composition | None:
    """All that a debtor owes now, as one sheet; None where nothing is left to pay."""
    administration = load_administration()
    debtor = Debtor.objects.get(id=debtor_id)
    parameters = [active_administration(), debtor_id]
    items = [
        ListedItem(
            number=row[0],
            is_credit_note=row[1] < 0,
            issued_on=row[2],
            due_on=row[3],
            invoiced_cents=row[4],
            open_cents=row[1],
            order_reference=row[5],
            customer_reference=row[6],
        )
        for row in execute(_OPEN_INVOICES, parameters).fetchall()
    ]
    items += [
        _describe_claim(row, debtor.language)
        for row in execute(_OPEN_CLAIMS, parameters).fetchall()
    ]
    items += list_open_money(parameters)
    total_cents = sum(item.open_cents for item in items)
    if total_cents <= 0 or all(item.is_credit_note or item.claim for item in items):
        return None
    return Composition(
        text="statement",
        tone="plain",
        written_on=written_on,
        creditor=describe_creditor(administration),
        addressee=find_addressee(debtor, on=written_on),
        items=tuple(items),
        total_cents=total_cents,
        payment_reference="",
    )


def _describe_claim(row: Sequence[Any], debtor_language: str) -> ListedItem:
    kind, cents, claimed_on, article, lines, claimed_cents, dropped_cents = row
    language = "en" if debtor_language.startswith("en") else "nl"
    told = json.loads(lines) if isinstance(lines, str) else lines
    said = [line[language] for line in told]
    return ListedItem(
        number="",
        is_credit_note=False,
        issued_on=claimed_on,
        due_on=claimed_on,
        invoiced_cents=claimed_cents,
        open_cents=cents,
        dropped_cents=dropped_cents,
        claim=kind,
        calculation=f"{article}. {' '.join(said)}",
    )


def describe_rules(administration: Administration) -> CreditorRules:
    """What the administration declared about its terms, and what it claims."""
    return CreditorRules(
        business_terms_agreed=administration.business_terms_agreed,
        consumer_terms_agreed=administration.consumer_terms_agreed,
        adds_vat=may_add_vat(
            uses_taxed_service=administration.uses_collection_service,
            can_reclaim_vat=administration.can_reclaim_vat,
            # A letter that names VAT says why: its words are checked before it goes.
            is_stated=True,
        ),
        business_costs=cast("BusinessCosts", administration.business_costs),
        interest_from=cast("InterestFrom", administration.interest_from),
        rates=load_known_rates(),
        acts_unregistered=acts_for_another(administration.organisation.kind)
        and not administration.organisation.wki_registration,
        agreed_costs=_describe_agreed(administration),
        sends_instalments=administration.consumer_claims == "periodic",
    )


def _describe_agreed(administration: Administration) -> AgreedCosts | None:
    if administration.agreed_costs_percent is None:
        return None
    return AgreedCosts(
        administration.agreed_costs_percent,
        administration.agreed_costs_minimum_cents,
        administration.agreed_costs_ground,
    )


def describe_creditor(administration: Administration) -> Creditor:
    """The administration as it signs its messages, and who acts for it, where registered."""
    organisation = administration.organisation
    acts = acts_for_another(organisation.kind) and organisation.wki_registration != ""
    return Creditor(
        name=administration.name,
        iban=administration.iban,
        account_name=administration.account_name or administration.name,
        email=administration.email,
        phone=administration.phone,
        website=administration.website,
        street=administration.street,
        postal_code=administration.postal_code,
        city=administration.city,
        country=administration.country,
        kvk_number=administration.kvk_number,
        vat_number=administration.vat_number,
        acted_for_by=organisation.name if acts else "",
        wki_registration=organisation.wki_registration if acts else "",
    )
