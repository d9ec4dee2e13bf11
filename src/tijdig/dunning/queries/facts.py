"""Load the facts that decisions are made on: a fixed number of statements for any debtors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tijdig.banking.direct_debits.queries import load_planned
from tijdig.cases.queries.stops import CaseFacts, load_case_facts
from tijdig.core.direct_debits.collecting import make_collection_aside
from tijdig.core.direct_debits.planned import PlannedCollection
from tijdig.core.facts import ContactState, DebtorFacts, OpenItem, PastContact, SetAside, Stop
from tijdig.core.notices import PastNotice
from tijdig.core.own_side import (
    add_doubts,
    doubt_address,
    doubt_addressee,
    doubt_invoice,
    make_announced_stop,
    make_payment_doubt,
    make_unmatched_stop,
)
from tijdig.core.protection import Protection, judge_by_protection
from tijdig.core.stops import (
    make_differing_stop,
    make_foreign_stop,
    make_outcome_stop,
    make_undelivered_stop,
)
from tijdig.core.told_collections import judge_by_contacts
from tijdig.core.told_stops import end_told_stops
from tijdig.dunning.queries.kept_word import find_promise_doubts, find_term_doubts
from tijdig.dunning.queries.notices import load_notices
from tijdig.dunning.queries.policies import limit_plans
from tijdig.dunning.queries.rests import add_rests
from tijdig.dunning.queries.waiting_lines import FROM_KNOWN_ACCOUNT, FROM_OFFER
from tijdig.ledger.queries.protections import load_protections
from tijdig.ledger.queries.sql import RECEIVED_ON, kind_of
from tijdig.tenants.arrays import IdList
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_Outcomes = Mapping[UUID, Sequence[tuple[date, Stop]]]
_Planned = Mapping[UUID, Mapping[UUID, PlannedCollection]]
_Foreign = Mapping[UUID, Sequence[tuple[str, date]]]

# Contacts older than this cannot touch the gap between contacts any more; those of invoices
# that are still open are read whatever their age, and so are last demands: what was claimed with
# one may prove too much when all has been paid.
CONTACT_MEMORY_DAYS = 90

# The bounds lead to the key: a batch reads its own debtors and not all there are. The planner
# cannot know how many (see row_security in migrations/_guards.py) and takes them for a handful: a
# join of these two, or of items with invoices but for OFFSET 0, would compare each row with each.
_DEBTORS = f"""
SELECT debtor.id, debtor.number, debtor.name, {kind_of("debtor")}, debtor.preferred_channel,
       debtor.facts_version, CASE WHEN debtor.language LIKE 'en%%' THEN 'en' ELSE 'nl' END,
       debtor.id IN (SELECT term.debtor_id FROM tijdig_debtorterm term
                     WHERE term.administration_id = %s AND term.is_large_to_small)
FROM unnest(%s::uuid[]) AS wanted (id) JOIN tijdig_debtor debtor ON debtor.id = wanted.id
WHERE debtor.administration_id = %s AND debtor.id BETWEEN %s AND %s ORDER BY debtor.id
"""

_REACH = """
SELECT debtor_id, email, email_failed_on IS NOT NULL, phone,
       street <> '' AND city <> '' AND address_failed_on IS NULL, upper(country) NOT IN ('', 'NL')
FROM unnest(%s::uuid[]) AS wanted (id) JOIN tijdig_contact ON debtor_id = wanted.id
WHERE administration_id = %s AND debtor_id BETWEEN %s AND %s
"""

_ITEMS = f"""
SELECT item.debtor_id, item.id, coalesce(invoice.number, ''), item.kind,
       coalesce(invoice.issued_on, line.claimed_on, {RECEIVED_ON}),
       coalesce(invoice.due_on, line.claimed_on, {RECEIVED_ON}),
       balance.cents, item.reopen_count, coalesce(invoice.credited_number, ''),
       coalesce(invoice.by_direct_debit, false), coalesce(invoice.term, 'stated'),
       item.currency, item.id IN (
            SELECT books.open_item_id FROM tijdig_bookbalance books
            WHERE books.administration_id = %s AND books.differs),
       invoice.invoiced_cents, invoice.vat_cents
FROM tijdig_openitem item
LEFT JOIN LATERAL (SELECT * FROM tijdig_invoice own WHERE own.open_item_id = item.id
  AND own.administration_id = item.administration_id OFFSET 0) invoice ON true
LEFT JOIN tijdig_claimline line
  ON line.administration_id = item.administration_id AND line.open_item_id = item.id
JOIN LATERAL (
    SELECT sum(cents)::bigint AS cents FROM tijdig_entry entry
    WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id
) balance ON true
WHERE item.administration_id = %s AND item.debtor_id = ANY(%s) AND item.closed_on IS NULL
  AND (item.kind <> 'unapplied' OR balance.cents < 0) ORDER BY item.debtor_id, 6, 3, item.id
"""

# A plan, a case or a collection counts also when its invoice is paid. A letter gives its days from
# its posting; those of a veertiendagenbrief the law counts.
_CONTACTS = """
SELECT debtor_id, step_key, carrying_item_id, reopen_count, planned_on, state, channel,
       CASE WHEN phase = 'veertiendagenbrief' THEN pay_by_on
            ELSE pay_by_on + coalesce(posted_on - planned_on, 0) END,
       CASE WHEN state = 'held' THEN reason ELSE '' END, state = 'bounced_hard',
       channel = 'letter' AND state = 'accepted' AND posted_on IS NULL, posted_on,
       CASE WHEN text = 'invoice_again' OR phase = 'debit' THEN listed_items END
FROM tijdig_message
WHERE administration_id = %s AND debtor_id = ANY(%s)
  AND (state NOT IN ('cancelled', 'failed', 'suppressed')
       OR (state = 'failed' AND reason NOT LIKE 'address%%'))
  AND (planned_on >= %s OR phase IN ('last_demand', 'debit')
       OR step_key LIKE 'plan-%%' OR step_key LIKE 'case-%%' OR carrying_item_id IN (
        SELECT id FROM tijdig_openitem
        WHERE administration_id = %s AND debtor_id = ANY(%s) AND closed_on IS NULL))
UNION ALL
SELECT debtor_id, step_key, carrying_item_id, reopen_count, coalesce(done_on, asked_on),
       'call_' || state, 'phone', NULL, '', false, false, NULL, NULL
FROM tijdig_call WHERE administration_id = %s AND debtor_id = ANY(%s) AND state <> 'cancelled'
"""

_UNMATCHED = f"""
SELECT known.debtor_id, sum(line.cents)::bigint, max(line.booked_on), false, NULL::uuid
{FROM_KNOWN_ACCOUNT}
WHERE line.administration_id = %s AND line.state = 'unmatched' AND known.debtor_id = ANY(%s)
GROUP BY known.debtor_id
UNION ALL
SELECT coalesce(line.likely_debtor_id, known.debtor_id), sum(line.cents)::bigint,
       max(line.booked_on), true, NULL::uuid
FROM tijdig_bankline line
LEFT JOIN tijdig_debtoriban known
  ON known.administration_id = line.administration_id AND known.iban = line.counter_iban
WHERE line.administration_id = %s AND line.state = 'pending'
  AND coalesce(line.likely_debtor_id, known.debtor_id) = ANY(%s)
GROUP BY 1
UNION ALL
SELECT suggested.debtor_id, line.cents, line.booked_on, false, (part->>0)::uuid
{FROM_OFFER}
WHERE suggested.administration_id = %s AND line.state = 'unmatched'
  AND suggested.debtor_id = ANY(%s)
"""

_OUTCOMES = """
SELECT debtor_id, opened_on, way, until_on, decided_by, handed_to
FROM tijdig_outcome
WHERE administration_id = %s AND debtor_id = ANY(%s) AND ended_on IS NULL AND way <> ''
ORDER BY debtor_id, opened_on, id
"""

_NO_WAY: tuple[Any, ...] = (None, "", False, "", False, False)  # unknown, not failed
_STATES: dict[str, ContactState] = {
    "planned": "waiting",
    "released": "waiting",
    "sending": "waiting",
    "retry": "waiting",
    "in_doubt": "in_doubt",
    "call_open": "call_open",
    "call_held": "call_open",
    "call_lapsed": "call_open",
    "call_done": "call_done",
}


def load_facts(
    debtor_ids: Sequence[UUID], *, today: date, rehearsal: bool
) -> tuple[DebtorFacts, ...]:
    """The facts of these debtors, in order of id.

    In a rehearsal (sending is off) a held message counts as sent: so the cadence shows itself
    although nothing goes out. Otherwise it waits.
    """
    if not debtor_ids:
        return ()
    administration_id, ids = active_administration(), IdList(debtor_ids)
    cases = load_case_facts(ids, today=today)
    outcomes = _load_outcomes(administration_id, ids)
    planned = load_planned(ids)
    items, stops, foreign = _load_items(ids, cases, outcomes, planned, today=today)
    notices = add_rests(load_notices(ids, rehearsal=rehearsal), items, today=today)
    contacts = _load_contacts(administration_id, ids, stops, today=today, rehearsal=rehearsal)
    _add_unmatched(administration_id, ids, items, stops)
    _add_doubts(items, find_promise_doubts(ids))
    if cases.plans:
        cases = replace(cases, plans=limit_plans(cases.plans))
    for debtor_id, own in cases.stops.items():
        stops[debtor_id] += own
    wanted = [ids, administration_id, *ids.find_bounds()]
    reach = dict.fromkeys(ids, _NO_WAY)
    reach |= {row[0]: row for row in execute(_REACH, wanted).fetchall()}
    found = tuple(
        _make_facts(row, reach[row[0]], cases, items, contacts, stops, notices, planned, foreign)
        for row in execute(_DEBTORS, [administration_id, *wanted]).fetchall()
    )
    if cases.plans:
        doubts = find_term_doubts(found, today=today)
        found = tuple([replace(one, items=add_doubts(one.items, doubts)) for one in found])
    protections = load_protections(ids)
    return tuple(_protect(one, protections) for one in found) if protections else found


def _protect(facts: DebtorFacts, protections: Mapping[UUID, tuple[Protection, ...]]) -> DebtorFacts:
    """The facts with his special situations, and the notices as these let them count."""
    own = protections.get(facts.debtor_id)
    if not own:
        return facts
    return replace(facts, protections=own, notices=judge_by_protection(facts.notices, own))


def _add_unmatched(
    administration_id: UUID,
    ids: list[UUID],
    items: Mapping[UUID, list[OpenItem]],
    stops: defaultdict[UUID, list[Stop]],
) -> None:
    """Money that is not matched: a stop for whose account it came from, a doubt where it may be."""
    doubts: defaultdict[UUID, list[Stop]] = defaultdict(list)
    asked = [administration_id, ids] * 3
    for debtor_id, cents, booked_on, announced, item_id in execute(_UNMATCHED, asked).fetchall():
        if item_id is not None:
            doubts[item_id].append(make_payment_doubt(cents, booked_on))
        else:
            stop = (make_announced_stop if announced else make_unmatched_stop)(cents, booked_on)
            stops[debtor_id].append(stop)
    _add_doubts(items, doubts)


def _add_doubts(
    items: Mapping[UUID, list[OpenItem]], doubts: Mapping[UUID, Sequence[Stop]]
) -> None:
    for own in items.values() if doubts else ():
        own[:] = add_doubts(own, doubts)


def _make_facts(
    row: tuple[Any, ...],
    reach: tuple[Any, ...],
    cases: CaseFacts,
    items: Mapping[UUID, list[OpenItem]],
    contacts: Mapping[UUID, list[PastContact]],
    stops: Mapping[UUID, list[Stop]],
    notices: Mapping[UUID, tuple[PastNotice, ...]],
    planned: _Planned,
    foreign: _Foreign,
) -> DebtorFacts:
    debtor_id = row[0]
    own = tuple(contacts.get(debtor_id, ())) if contacts else ()
    facts = DebtorFacts(
        debtor_id=debtor_id,
        number=row[1],
        name=row[2],
        kind=row[3],
        items=tuple(items.get(debtor_id, ())),
        contacts=own,
        stops=(*(stops.get(debtor_id, ()) if stops else ()), *cases.everybody),
        plans=tuple(cases.plans.get(debtor_id, ())) if cases.plans else (),
        collections=tuple(planned.get(debtor_id, {}).values()) if planned else (),
        case_messages=tuple(cases.messages.get(debtor_id, ())) if cases.messages else (),
        notices=judge_by_contacts(notices.get(debtor_id, ()), own) if notices else (),
        foreign=tuple(foreign.get(debtor_id, ())) if foreign else (),
        email=reach[1],
        email_failed=reach[2],
        phone=reach[3],
        has_postal_address=reach[4],
        is_abroad=reach[5] and debtor_id not in cases.instead,
        preferred_channel=row[4] or None,
        facts_version=row[5],
        language=row[6],
        is_large_to_small=row[7],
    )
    facts = doubt_addressee(end_told_stops(facts) if facts.case_messages or facts.stops else facts)
    instead = cases.instead.get(debtor_id) if cases.instead else None
    if instead is None:
        return doubt_address(facts)
    # Who represents him is written to, and nobody writes to the debtor himself.
    return replace(
        facts,
        email=instead.email,
        email_failed=instead.email_failed,
        phone=instead.phone,
        has_postal_address=instead.has_postal_address,
    )


def _load_items(
    ids: list[UUID], cases: CaseFacts, outcomes: _Outcomes, planned: _Planned, *, today: date
) -> tuple[dict[UUID, list[OpenItem]], defaultdict[UUID, list[Stop]], _Foreign]:
    """Open items in euros, the stops that the items give, and what is in another currency."""
    items: defaultdict[UUID, list[OpenItem]] = defaultdict(list)
    differing: defaultdict[UUID, list[str]] = defaultdict(list)
    foreign: defaultdict[UUID, list[tuple[str, date]]] = defaultdict(list)
    bends = bool(cases.set_asides or cases.extended or outcomes)
    for row in execute(_ITEMS, [*[active_administration()] * 2, ids]).fetchall():
        debtor_id = row[0]
        if row[11] != "EUR":
            foreign[debtor_id].append((row[2], row[5]))
            continue
        item = OpenItem(*row[1:11])
        if bends:
            item = _bend(item, cases, outcomes.get(debtor_id, ()))
        item = doubt_invoice(item, *row[13:15], today=today)
        if planned and (collection := planned.get(debtor_id, {}).get(item.item_id)):
            aside = make_collection_aside(item.number, collection)
            item = replace(item, set_asides=(*item.set_asides, aside))
        items[debtor_id].append(item)
        if row[12]:
            differing[debtor_id].append(row[2])
    stops: defaultdict[UUID, list[Stop]] = defaultdict(list)
    for debtor_id, numbers in differing.items():
        stops[debtor_id].append(make_differing_stop(", ".join(sorted(numbers))))
    for debtor_id in foreign.keys() - items.keys():
        names = ", ".join(sorted(number for number, _ in foreign.pop(debtor_id)))
        stops[debtor_id].append(make_foreign_stop(names))
    return items, stops, foreign


def _bend(item: OpenItem, cases: CaseFacts, outcomes: Sequence[tuple[date, Stop]]) -> OpenItem:
    """The item with its later due date, and what cases and outcomes set aside of it."""
    item_id = item.item_id
    asides = list(cases.set_asides.get(item_id, ()))
    asides += [SetAside(stop) for before_on, stop in outcomes if item.due_on < before_on]
    if item_id in cases.extended:
        until_on, from_on, by, on = cases.extended[item_id]
        # The books may have moved the due date further than a person did.
        if until_on > item.due_on:
            item = replace(
                item, due_on=until_on, extended_from_on=from_on, extended_by=by, extended_on=on
            )
    return replace(item, set_asides=tuple(asides)) if asides else item


def _load_outcomes(administration_id: UUID, ids: list[UUID]) -> _Outcomes:
    """What was decided after a last demand, for what was due before the day it came on the list."""
    found: defaultdict[UUID, list[tuple[date, Stop]]] = defaultdict(list)
    for debtor_id, before_on, way, until_on, by, to in execute(
        _OUTCOMES, [administration_id, ids]
    ).fetchall():
        stop = make_outcome_stop(way, decided_by=by, until_on=until_on, to=to)
        found[debtor_id].append((before_on, stop))
    return found


def _load_contacts(
    administration_id: UUID,
    ids: list[UUID],
    stops: defaultdict[UUID, list[Stop]],
    *,
    today: date,
    rehearsal: bool,
) -> dict[UUID, list[PastContact]]:
    """What went before; a message that could not be sent is a stop until a person looked."""
    since = today - timedelta(days=CONTACT_MEMORY_DAYS)
    rows = execute(_CONTACTS, [*(own := [administration_id, ids]), since, *own, *own]).fetchall()
    held: ContactState = "done" if rehearsal else "waiting"
    contacts: defaultdict[UUID, list[PastContact]] = defaultdict(list)
    for debtor_id, key, item_id, count, on, state, *how, again in rows:
        if state == "failed":
            stops[debtor_id].append(make_undelivered_stop(on))
            continue
        name: ContactState = held if state == "held" else _STATES.get(state, "done")
        how.append(tuple(again or ()))
        contacts[debtor_id].append(PastContact(key, item_id, count, on, name, *how))
    for told in contacts.values():
        told.sort(key=_when)
    return contacts


def _when(contact: PastContact) -> tuple[date, str]:
    """The order in which contacts are told, however the database came by them."""
    return contact.on, contact.step_key
