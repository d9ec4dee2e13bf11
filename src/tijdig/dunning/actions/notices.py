"""Keep what a message that went out means in law, claim by claim, with its proof."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tijdig.core.law.veertiendagenbrief import compute_letter_days
from tijdig.core.notices import NoticeKind, find_legal_effects
from tijdig.core.posting import compute_posting
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.actions.voiding import ARRIVED_LATE, NO_COSTS, POSTED_LATE
from tijdig.dunning.letter_check import find_grounds_of_sent
from tijdig.dunning.models import Notice
from tijdig.dunning.queries.notices import IS_ABROAD_SQL
from tijdig.dunning.queries.void_letters import find_untrue
from tijdig.ledger.actions.claims import withdraw_costs
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.queries.sql import kind_of
from tijdig.messaging.composing import load_compositions
from tijdig.messaging.models import Message
from tijdig.tenants.bulk import execute, insert_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

# A message goes out on the day that it was planned for, or is planned anew; a doubt about it may
# take a person some days to settle.
LOOK_BACK_DAYS = 14
ABROAD = "abroad"
ACTOR = "tijdig"
# Only consumers are put in default by a reminder: the others' are not read.
_SENT = f"""
SELECT message.id, message.debtor_id, message.phase, message.channel, message.planned_on,
       message.posted_on, message.pay_by_on, message.costs_cents, message.vat_cents, body.text,
       listed.item_id, listed.cents, {IS_ABROAD_SQL}
FROM tijdig_message message
JOIN tijdig_debtor debtor
  ON debtor.administration_id = message.administration_id AND debtor.id = message.debtor_id
JOIN tijdig_messagebody body
  ON body.administration_id = message.administration_id AND body.message_id = message.id
CROSS JOIN unnest(message.listed_items, message.listed_cents) WITH ORDINALITY
  AS listed (item_id, cents, place)
JOIN tijdig_openitem item
  ON item.administration_id = message.administration_id AND item.id = listed.item_id
WHERE message.administration_id = %s AND message.planned_on BETWEEN %s AND %s
  AND message.phase IN ('reminder', 'veertiendagenbrief', 'last_demand')
  AND (message.phase <> 'reminder' OR {kind_of("debtor")} IN ('consumer', 'unknown'))
  AND message.state IN ('accepted', 'delivered') AND item.kind = 'invoice' AND listed.cents > 0
  AND NOT EXISTS (
    SELECT FROM tijdig_notice notice
    WHERE notice.administration_id = message.administration_id
      AND notice.message_id = message.id)
ORDER BY message.id, listed.place
"""
_COLUMNS = (
    "debtor open_item message kind amount_cents costs_cents vat_cents sent_on received_on proof "
    "proof_note last_day void_because voided_on replaced_by"
).split()


# Whatever came back has no effect in law. Who says that it did takes its effect at once, however
# late; this is a second look at what went out lately.
_BOUNCED = """
SELECT DISTINCT notice.message_id
FROM tijdig_message message
JOIN tijdig_notice notice
  ON notice.administration_id = message.administration_id AND notice.message_id = message.id
WHERE message.administration_id = %s AND message.planned_on >= %s
  AND message.phase IN ('reminder', 'veertiendagenbrief', 'last_demand')
  AND message.state IN ('bounced_hard', 'failed') AND notice.void_because = ''
"""
BOUNCE_DAYS = 60
# How a message went. By the address of today, and no receipt is presumed where another country was
# named since.
_WAY = f"""
SELECT CASE WHEN {IS_ABROAD_SQL} OR (message.channel = 'letter' AND EXISTS (
                SELECT FROM tijdig_event event
                WHERE event.administration_id = message.administration_id
                  AND event.debtor_id = message.debtor_id AND event.kind = 'debtor_changed'
                  AND event.on >= message.planned_on
                  AND jsonb_exists_any(event.data->'changes', ARRAY['country', 'contact_country'])))
            THEN '{ABROAD}' ELSE message.channel END,
       message.planned_on, message.posted_on, message.pay_by_on
FROM tijdig_message message WHERE message.administration_id = %s AND message.id = %s
"""
NO_PROOF = Sentence(
    "Het bewijs van ontvangst klopte niet. Zonder bewezen ontvangst zijn er geen incassokosten.",
    "The proof of receipt was wrong. Without a proven receipt there are no collection costs.",
)
CAME_BACK = Sentence(
    "De brief kwam terug. Zonder ontvangen brief zijn er geen incassokosten.",
    "The letter came back. Without a letter that was received there are no collection costs.",
)
TOO_LATE = Sentence(
    "De brief kwam later aan dan gedacht; de termijn liep nog, of de dag in de brief is te vroeg.",
    "The letter arrived later than thought; its term was still running, or the day that it names"
    " is too early.",
)


def keep_notices(*, today: date, now: datetime) -> None:
    """Before a run: notices of all that went out lately, and none of what came back."""
    write_notices(today=today)
    void_bounced(today=today, now=now)


def write_notices(*, today: date, since: date | None = None) -> int:
    """Write down the notices of messages that went out in the last weeks, or `since`; how many.

    Twice is once. A letter takes the place of the one before it about the same invoice.
    """
    since = since or today - timedelta(days=LOOK_BACK_DAYS)
    sent = execute(_SENT, [active_administration(), since, today]).fetchall()
    void = _find_void(sent)
    rows = [row for message in sent for row in _describe(message, void.get(message[0], ""))]
    insert_rows(
        Notice,
        ["id", *_COLUMNS],
        [(new_id(), *row) for row in rows],
        same={"administration": active_administration()},
        unless_there=True,
    )
    if rows:
        _replace_earlier({row[0] for row in rows})
    return len(rows)


def void_bounced(*, today: date, now: datetime) -> int:
    """Notices of which the message came back are void, and the costs after them; how many."""
    since = today - timedelta(days=BOUNCE_DAYS)
    rows = execute(_BOUNCED, [active_administration(), since]).fetchall()
    for (message_id,) in rows:
        void_notices(message_id, because="bounced", today=today, now=now, actor=ACTOR)
    return len(rows)


def void_notices(message_id: UUID, *, because: str, today: date, now: datetime, actor: str) -> None:
    """The notices of a message that came back have no effect; costs after them are taken back."""
    valid = Notice.objects.filter(message_id=message_id, void_because="")
    debtor_ids = set(valid.values_list("debtor_id", flat=True))
    lock_debtors(debtor_ids)
    valid.update(void_because=because, voided_on=today)
    withdraw_costs([message_id], because=CAME_BACK, today=today, now=now, actor=actor)
    touch_debtors(debtor_ids)


def note_receipt(
    message_id: UUID, *, received_on: date, note: str, today: date, now: datetime, actor: str
) -> None:
    """A person has proof that a message was received on a day; its term runs from there.

    A later receipt takes back costs that were claimed within the term of a veertiendagenbrief; one
    after which the day that it names is too early makes it void. So does less that was owed, or
    more time that was given, before it went: where no posting was told, before its receipt. A last
    demand by e-mail interrupts limitation from this proof on, and a letter needs no word on its
    posting any more.
    Refuses: a message without effect in law, a day before the sending or ahead, no proof.
    """
    may_be_right = ["", ARRIVED_LATE, *NO_COSTS]
    notices = list(Notice.objects.filter(message_id=message_id, void_because__in=may_be_right))
    if not notices or not note.strip() or not notices[0].sent_on <= received_on <= today:
        raise Refusal(
            "Noem de dag van ontvangst (op of na de verzending, niet in de toekomst) en waaruit die"
            " blijkt. Dit kan bij een bericht dat in de wet iets betekent, en dat niet terugkwam.",
            "Name the day of receipt (on or after the sending, not ahead) and what shows it. This"
            " is possible for a message that means something in law, and that did not come back.",
        )
    debtor_id, sent_on = notices[0].debtor_id, notices[0].sent_on
    lock_debtors([debtor_id])
    details: dict[str, object] = {"received_on": received_on}
    proof = {"proof": Notice.Proof.PERSON, "proof_note": note.strip()[:300]}
    proven = {"received_on": received_on, **proof}
    letters = [one.id for one in notices if one.kind == Notice.Kind.VEERTIENDAGENBRIEF]
    Notice.objects.filter(id__in=[one.id for one in notices]).update(**proven)
    if letters:
        last_day, is_late = _find_last_day(message_id, sent_on, received_on)
        untrue = find_untrue([message_id]).get(message_id, "")
        void = ARRIVED_LATE if is_late else untrue
        Notice.objects.filter(id__in=letters).update(
            last_day=last_day, void_because=void, voided_on=today if void else None
        )
        withdraw_costs(
            [message_id],
            because=NO_COSTS.get(void, TOO_LATE),
            claimed_until=date.max if void else last_day,
            today=today,
            now=now,
            actor=actor,
        )
        details["last_day"] = last_day
    Message.objects.filter(id=message_id, channel="letter", state=Message.State.ACCEPTED).update(
        state=Message.State.DELIVERED
    )
    touch_debtors([debtor_id])
    happened = Happened("letter_received", "message", message_id, debtor_id, details)
    record([happened], today=today, now=now, actor=actor)


def withdraw_receipt(
    message_id: UUID, *, because: str, today: date, now: datetime, actor: str
) -> None:
    """A proof of receipt that a person noted is none: the message counts as it did without it.

    A letter counts from its posting again, or not at all until that is told; an e-mail proves
    nothing about costs. Costs that follow no more, or came too early, are taken back, as where the
    letter came back.
    Refuses: a message without such a proof, and no reason.
    """
    proven = Notice.objects.filter(message_id=message_id, proof=Notice.Proof.PERSON)
    lock_debtors(set(proven.values_list("debtor_id", flat=True)))
    rows = list(proven)
    if not rows or not because.strip():
        raise Refusal(
            "Zeg waarom het bewijs niet klopt. Dit kan bij een bericht waarvan iemand de ontvangst"
            " heeft vastgelegd.",
            "Say why the proof is wrong. This is possible for a message of which somebody recorded"
            " the receipt.",
        )
    details = {"received_on": rows[0].received_on, "because": because.strip()}
    Message.objects.filter(id=message_id, channel="letter", state=Message.State.DELIVERED).update(
        state=Message.State.ACCEPTED
    )
    _forget_proof(message_id, rows, today=today)
    letter = next((one for one in rows if one.kind == Notice.Kind.VEERTIENDAGENBRIEF), None)
    if letter is not None:
        letter.refresh_from_db()
        counts = letter.void_because == "" and letter.received_on is not None
        withdraw_costs(
            [message_id],
            because=NO_COSTS.get(letter.void_because, NO_PROOF),
            claimed_until=letter.last_day if counts and letter.last_day else date.max,
            today=today,
            now=now,
            actor=actor,
        )
    touch_debtors({one.debtor_id for one in rows})
    happened = Happened("receipt_withdrawn", "message", message_id, rows[0].debtor_id, details)
    record([happened], today=today, now=now, actor=actor)


def _forget_proof(message_id: UUID, rows: Sequence[Notice], *, today: date) -> None:
    """What a message means without what a person noted: by its posting, or by no proof at all."""
    asked = [active_administration(), message_id]
    way = execute(_WAY, asked).fetchall()[0]
    names = ("sent_on", "received_on", "proof", "proof_note", "last_day")
    for one in rows:
        told = dict(zip(names, _prove(one.kind, *way), strict=True))  # type: ignore[arg-type]
        Notice.objects.filter(id=one.id).update(**told)
    channel, _, posted_on, named_on = way
    may_be_right = ["", ARRIVED_LATE, *NO_COSTS]
    letters = Notice.objects.filter(
        id__in=[one.id for one in rows],
        kind=Notice.Kind.VEERTIENDAGENBRIEF,
        void_because__in=may_be_right,
    )
    void = find_untrue([message_id]).get(message_id, "")
    if channel == "letter" and posted_on is not None and named_on is not None:
        by_law_on = compute_letter_days(posted_on, by="post").last_day_on
        void = POSTED_LATE if by_law_on > named_on else void
    letters.update(void_because=void, voided_on=today if void else None)


def _find_last_day(message_id: UUID, sent_on: date, received_on: date) -> tuple[date, bool]:
    """The last day by this receipt, and whether it comes after the day that the letter names."""
    by_law = compute_letter_days(sent_on, by="post", received_on=received_on).last_day_on
    named_on = Message.objects.values_list("pay_by_on", flat=True).get(id=message_id) or by_law
    return max(by_law, named_on), by_law > named_on


def _replace_earlier(debtor_ids: Collection[UUID]) -> None:
    """Every letter names the one that took its place, where there is one."""
    execute(
        """
        UPDATE tijdig_notice earlier SET replaced_by_id = later.id
        FROM tijdig_notice later
        WHERE earlier.administration_id = %s AND earlier.debtor_id = ANY(%s)
          AND earlier.kind = 'veertiendagenbrief' AND earlier.replaced_by_id IS NULL
          AND later.administration_id = earlier.administration_id
          AND later.debtor_id = earlier.debtor_id AND later.kind = earlier.kind
          AND later.open_item_id = earlier.open_item_id
          AND later.message_id <> earlier.message_id AND later.id > earlier.id
        """,
        [active_administration(), list(debtor_ids)],
    )


def _find_void(sent: Sequence[Sequence[Any]]) -> dict[UUID, str]:
    """Letters whose words, as they went out, bring no costs; each with the first ground.

    Release refuses such words. What went out under an older text, or was changed since, is held
    against the law here once more, so that it can never bring costs.
    """
    letters = {row[0]: row for row in sent if row[2] == "veertiendagenbrief"}
    found: dict[UUID, str] = {}
    for sent_on in sorted({row[4] for row in letters.values()}):
        ids = [message_id for message_id, row in letters.items() if row[4] == sent_on]
        for message_id, composition in load_compositions(ids, written_on=sent_on).items():
            _, _, _, channel, *_, text, _, _, _ = letters[message_id]
            grounds = find_grounds_of_sent(text, composition, channel=channel)
            if grounds:
                found[message_id] = grounds[0].code
    return found


def _describe(message: Sequence[Any], void_because: str) -> list[tuple[Any, ...]]:
    """A row for each effect that the message has for this claim."""
    message_id, debtor_id, phase, channel, printed_on, posted_on, pay_by_on = message[:7]
    costs_cents, vat_cents, text, item_id, cents, is_abroad = message[7:]
    channel = ABROAD if is_abroad else channel
    rows = []
    for kind in find_legal_effects(phase, text, pay_by_on=pay_by_on):
        letter = kind == "veertiendagenbrief"
        void = void_because if letter else ""
        rows.append(
            (
                debtor_id,
                item_id,
                message_id,
                kind,
                cents,
                costs_cents if letter else 0,
                vat_cents if letter else 0,
                *_prove(kind, channel, printed_on, posted_on, pay_by_on),
                void,
                printed_on if void else None,
                None,
            )
        )
    return rows


def _prove(
    kind: NoticeKind,
    channel: str,
    printed_on: date,
    posted_on: date | None,
    pay_by_on: date | None,
) -> tuple[date, date | None, str, str, date | None]:
    """When a notice was sent and counts as received, by what and whose words, and its last day.

    Mail that was accepted proves no costs; a letter that was printed proves nothing, and one to
    another country proves nothing either once it was posted: no court presumes a day there.
    """
    if channel == ABROAD:
        return printed_on, None, Notice.Proof.NONE, "", pay_by_on
    if channel == "letter" and posted_on is not None:
        posting = compute_posting(
            kind, printed_on=printed_on, posted_on=posted_on, last_day=pay_by_on
        )
        return posted_on, posting.received_on, Notice.Proof.POST, "", posting.last_day
    if channel == "letter":
        return printed_on, None, Notice.Proof.PRINTED, "", pay_by_on
    if kind == "veertiendagenbrief":
        return printed_on, None, Notice.Proof.NONE, "", pay_by_on
    return printed_on, printed_on, Notice.Proof.ACCEPTED, "", pay_by_on
