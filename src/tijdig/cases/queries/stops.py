"""Cases as facts of a decision: a fixed number of statements for any debtors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tijdig.cases.queries.copies import USABLE_ADDRESS
from tijdig.cases.queries.credits import load_uncredited
from tijdig.cases.queries.plans import load_plans
from tijdig.cases.queries.reasons import list_told_apart
from tijdig.cases.queries.received import load_standing_promises
from tijdig.core.case_messages import BY_LETTER, CaseMessage, CaseText, make_case_key
from tijdig.core.disputes import CATEGORIES, make_credit_stop, make_dispute_stop, set_aside_disputed
from tijdig.core.facts import SetAside, Stop
from tijdig.core.flags import FLAGS, make_flag_stop, make_over_stop
from tijdig.core.plans import RunningPlan
from tijdig.core.promises import find_last_day, make_promise_stop, make_promise_wait_stop
from tijdig.core.protection import ACTS_FIRST
from tijdig.core.stops import make_hold_stop, make_reply_stop
from tijdig.core.unpaid import (
    UNPAID_REASONS,
    ReasonTold,
    find_left_out,
    make_reason_message,
    make_reason_stops,
)
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# One row per standing case; `code` is its category, kind or depth. Of a dispute `note` is its id,
# of an extension the day on which it was given. Of a reason `number` is its id, `state` the address
# that can be used, `note` the one he confirmed and `cents` how often again; of an answer (an
# answered dispute, of which the debtor is told) `number` is its id and `note` what he is told. Of a
# flag `number` is since when mail to the representative comes back, `state` the phone, `cents`
# whether there is a postal address, and `who` the e-mail; who acts for the debtor first.
# The planner does not see which debtors these are: it would weigh thousands of ids one by one, for
# each of these small tables, which takes longer than reading them.
_ASKED = "ANY((SELECT %s)::uuid[])"
_STANDING = f"""
SELECT 'dispute', one.debtor_id, one.item_id, invoice.number, one.category, one.state,
       one.cents, one.opened_on, one.deadline_on, one.owner, one.id::text
FROM tijdig_dispute one
JOIN tijdig_invoice invoice ON invoice.administration_id = one.administration_id
 AND invoice.open_item_id = one.item_id
WHERE one.administration_id = %s AND one.debtor_id = {_ASKED}
  AND one.state IN ('open', 'accepted', 'settled')
UNION ALL
SELECT 'reason', c.debtor_id, c.item_id, c.id::text, c.kind, {USABLE_ADDRESS}, c.address_round,
       c.said_on, c.deadline_on, coalesce(nullif(c.owner, ''), c.recorded_by), c.address
FROM tijdig_reason c
WHERE c.administration_id = %s AND c.debtor_id = {_ASKED} AND c.handled_on IS NULL
UNION ALL
SELECT 'answer', one.debtor_id, one.item_id, one.id::text, '', one.state, one.cents, one.closed_on,
       NULL, '', one.answer
FROM tijdig_dispute one
JOIN tijdig_openitem item
  ON item.administration_id = one.administration_id AND item.id = one.item_id
WHERE one.administration_id = %s AND one.debtor_id = {_ASKED} AND one.tells_debtor
  AND one.state IN ('accepted', 'settled', 'credited', 'declined') AND item.closed_on IS NULL
UNION ALL
SELECT 'hold', one.debtor_id, one.item_id, coalesce(invoice.number, ''), one.depth, '', 0,
       one.from_on, one.until_on, one.set_by, one.reason
FROM tijdig_hold one
LEFT JOIN tijdig_invoice invoice ON invoice.administration_id = one.administration_id
 AND invoice.open_item_id = one.item_id
WHERE one.administration_id = %s AND (one.debtor_id = {_ASKED} OR one.debtor_id IS NULL)
  AND one.lifted_on IS NULL
UNION ALL
SELECT 'reply', debtor_id, NULL, '', channel, '', 0, received_on, deadline_on, owner, ''
FROM tijdig_reply
WHERE administration_id = %s AND debtor_id = {_ASKED} AND handled_on IS NULL
UNION ALL
SELECT 'extension', debtor_id, item_id, '', '', '', 0, from_on, until_on, given_by, given_on::text
FROM tijdig_extension
WHERE administration_id = %s AND debtor_id = {_ASKED} AND withdrawn_on IS NULL
UNION ALL
(SELECT 'flag', debtor_id, NULL, coalesce(email_failed_on::text, ''), kind, phone,
        (street <> '' AND city <> '')::int, from_on, until_on, email, source
FROM tijdig_debtorflag
WHERE administration_id = %s AND debtor_id = {_ASKED} AND lifted_on IS NULL
ORDER BY debtor_id, kind <> %s, from_on, id)
"""


@dataclass(frozen=True, slots=True)
class Instead:
    """Whom to write to in place of a debtor."""

    email: str
    email_failed: bool
    phone: str
    has_postal_address: bool


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What cases do to debtors and their items; `everybody` holds for every debtor.

    `extended` gives, by item, the later due date, the one of the paper, who gave it and when.
    """

    everybody: Sequence[Stop]
    stops: Mapping[UUID, list[Stop]]
    set_asides: Mapping[UUID, list[SetAside]]
    extended: Mapping[UUID, tuple[date, date, str, date]]
    plans: Mapping[UUID, list[RunningPlan]]
    instead: Mapping[UUID, Instead]
    messages: Mapping[UUID, list[CaseMessage]]


def load_case_facts(debtor_ids: list[UUID], *, today: date) -> CaseFacts:
    """The standing cases of these debtors."""
    made = _Collected(today)
    administration_id = active_administration()
    for row in execute(_STANDING, [*[administration_id, debtor_ids] * 7, ACTS_FIRST]).fetchall():
        made.add(*row)
    made.add_credits(debtor_ids)
    made.add_reasons()
    for promise in load_standing_promises(debtor_ids, today=today):
        judged = promise.judge(today=today)
        if judged != "kept" and promise.state != "broken":
            waits = judged == "open" and today > find_last_day(promise.on)
            stop = (make_promise_wait_stop if waits else make_promise_stop)(
                promise.cents, promise.on, by=promise.recorded_by
            )
            made.stop(promise.debtor_id, promise.item_id, stop)
    return CaseFacts(
        made.everybody,
        made.stops,
        made.set_asides,
        made.extended,
        load_plans(debtor_ids, today=today),
        made.instead,
        made.messages,
    )


class _Collected:
    """The facts while rows come in."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.everybody: list[Stop] = []
        self.stops: defaultdict[UUID, list[Stop]] = defaultdict(list)
        self.set_asides: defaultdict[UUID, list[SetAside]] = defaultdict(list)
        self.extended: dict[UUID, tuple[date, date, str, date]] = {}
        self.instead: dict[UUID, Instead] = {}
        self.messages: defaultdict[UUID, list[CaseMessage]] = defaultdict(list)
        self.accepted: list[tuple[UUID, UUID, str]] = []
        self.reasons: list[tuple[UUID, UUID, ReasonTold]] = []

    def add(
        self,
        what: str,
        debtor_id: UUID | None,
        item_id: UUID | None,
        number: str,
        code: str,
        state: str,
        cents: int,
        from_on: date,
        until_on: date | None,
        who: str,
        note: str,
    ) -> None:
        """One row of the standing cases."""
        if what == "extension" and item_id is not None and until_on is not None:
            self.extended[item_id] = (until_on, from_on, who, date.fromisoformat(note))
        elif what == "dispute" and until_on is not None:
            if state in ("accepted", "settled") and item_id is not None:
                self.accepted.append((UUID(note), item_id, number))
            else:
                self._add_dispute(debtor_id, item_id, number, code, cents, until_on, who)
        elif what == "reason" and debtor_id is not None:
            text = UNPAID_REASONS[code].text
            key = make_case_key(UUID(number), text, again=cents) if text else ""
            told = ReasonTold(code, from_on, until_on, who, state, key, item_id, note)
            self.reasons.append((UUID(number), debtor_id, told))
        elif what == "answer" and debtor_id is not None:
            self._add_answer(debtor_id, item_id, number, state, cents, from_on, note)
        elif what == "reply" and until_on is not None:
            stop = make_reply_stop(
                received_on=from_on, owner=who, deadline_on=until_on, today=self.today
            )
            self.stop(debtor_id, None, stop)
        elif what == "flag" and debtor_id is not None:
            instead = Instead(who, bool(number), state, bool(cents))
            self._add_flag(debtor_id, code, from_on, until_on, note, instead)
        elif what == "hold" and until_on is not None:
            scope = "invoice" if item_id else "debtor" if debtor_id else "administration"
            stop = make_hold_stop(
                scope=scope,
                number=number,
                depth="reminders" if code == "reminders" else "all",
                reason=note,
                author=who,
                from_on=from_on,
                until_on=until_on,
            )
            self.stop(debtor_id, item_id, stop)

    def stop(self, debtor_id: UUID | None, item_id: UUID | None, stop: Stop) -> None:
        """A stop of everybody, of a debtor, or of one of his items."""
        if item_id is not None:
            self.set_asides[item_id].append(SetAside(stop))
        elif debtor_id is not None:
            self.stops[debtor_id].append(stop)
        else:
            self.everybody.append(stop)

    def add_credits(self, debtor_ids: list[UUID]) -> None:
        """What we are to credit stays out of what is asked until the credit note is there."""
        left = load_uncredited(debtor_ids) if self.accepted else {}
        for dispute_id, item_id, number in self.accepted:
            if cents := left.get(dispute_id, 0):
                self.set_asides[item_id].append(SetAside(make_credit_stop(number, cents), cents))

    def _find_address(self, debtor_id: UUID, confirmed: str) -> str:
        """Where a copy goes: whoever represents the debtor gets it in his place."""
        instead = self.instead.get(debtor_id)
        if instead is None or confirmed in ("", BY_LETTER):
            return confirmed
        return instead.email if instead.email and not instead.email_failed else BY_LETTER

    def add_reasons(self) -> None:
        """What debtors said, and the message that comes instead of the next step.

        Whether it still has something to be about, core decides with the open invoices.
        """
        apart = list_told_apart(
            (key, debtor_id, one.item_id) for key, debtor_id, one in self.reasons
        )
        given: defaultdict[UUID, list[ReasonTold]] = defaultdict(list)
        for _, debtor_id, one in self.reasons:
            given[debtor_id].append(one)
        for reason_id, debtor_id, one in self.reasons:
            told = replace(
                one,
                address=self._find_address(debtor_id, one.address),
                but_not=apart.get(reason_id, ()),
            )
            for stop in make_reason_stops(told, today=self.today):
                # What holds back firm letters only holds them for all that the debtor owes.
                self.stop(debtor_id, None if stop.depth == "firm" else told.item_id, stop)
            message = make_reason_message(told)
            if message is not None:
                left_out = find_left_out(told, given[debtor_id])
                self.messages[debtor_id].append(replace(message, but_not=left_out))

    def _add_answer(
        self,
        debtor_id: UUID,
        item_id: UUID | None,
        dispute_id: str,
        state: str,
        cents: int,
        closed_on: date,
        answer: str,
    ) -> None:
        text: CaseText = "dispute_declined" if state == "declined" else "dispute_accepted"
        key = make_case_key(UUID(dispute_id), text)
        message = CaseMessage(
            key, text, closed_on, closed_on, item_id=item_id, cents=cents, answer=answer
        )
        self.messages[debtor_id].append(message)

    def _add_flag(
        self,
        debtor_id: UUID,
        kind: str,
        from_on: date,
        until_on: date | None,
        source: str,
        instead: Instead,
    ) -> None:
        """A special situation: a stop, or somebody else to write to."""
        has_mail = bool(instead.email) and not instead.email_failed
        is_reachable = has_mail or instead.has_postal_address
        stop = make_flag_stop(
            kind,
            from_on=from_on,
            until_on=until_on,
            has_representative=is_reachable,
            source=source,
        )
        over = make_over_stop(kind, from_on, until_on)
        if over is not None:
            self.stops[debtor_id].append(over)
        if stop is not None:
            self.stops[debtor_id].append(stop)
        elif FLAGS[kind].depth is None and from_on <= self.today <= (until_on or self.today):
            self.instead.setdefault(debtor_id, instead)

    def _add_dispute(
        self,
        debtor_id: UUID | None,
        item_id: UUID | None,
        number: str,
        category: str,
        cents: int,
        deadline_on: date,
        owner: str,
    ) -> None:
        if debtor_id is None or item_id is None:
            return
        stop = make_dispute_stop(
            number, cents, category, owner=owner, deadline_on=deadline_on, today=self.today
        )
        if CATEGORIES[category].pauses == "debtor":
            self.stops[debtor_id].append(stop)
        else:
            self.set_asides[item_id].append(set_aside_disputed(stop, category, cents))
