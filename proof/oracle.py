"""The oracle: each mail that the server truly got, against what the office could know that day."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from tests.faults.smtp_sink import Stored

from proof.agreements import Rest
from proof.carrying import Carriers
from proof.reasons import (
    ANSWERS,
    ASKS,
    CASE_KINDS,
    COPY_DAYS,
    STEPS,
    KnownAnswer,
    KnownReason,
    list_said_since,
)
from proof.words import PLAN_KINDS, MailKind, read_words
from proof.world import Invoice, Person, World

MIN_GAP_DAYS = 7
LETTER_DAYS = 14
# With the days of the post, of Sundays and of holidays.
LETTER_AT_MOST_DAYS = 21
# Reminder after 5 days, then days off, a rest after another contact, and the list of the books.
LONGEST_WAIT_DAYS = 40


@dataclass(frozen=True, slots=True)
class Mail:
    """What a debtor reads."""

    on: date
    person: Person
    kind: MailKind
    numbers: tuple[str, ...]
    asked_cents: int


@dataclass(slots=True)
class Oracle:
    """Reads every mail as it comes in; `wrong` tells what should never have happened."""

    world: World
    wrong: list[str] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    carried: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    carriers: defaultdict[tuple[str, str], Carriers] = field(
        default_factory=lambda: defaultdict(Carriers)
    )
    last_on: dict[int, date] = field(default_factory=dict)
    termed_on: dict[tuple[str, str], date] = field(default_factory=dict)
    lettered_on: dict[str, date] = field(default_factory=dict)
    overtaken_on: dict[str, date] = field(default_factory=dict)
    demanded_on: dict[str, date] = field(default_factory=dict)
    reminded: set[str] = field(default_factory=set)
    by_address: dict[str, Person] = field(default_factory=dict)
    taken_back: set[UUID] = field(default_factory=set)
    killed_on: set[date] = field(default_factory=set)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def read(self, stored: Stored, today: date) -> Mail | None:
        """Judge one mail; None when it is for nobody in this world."""
        self.ids[stored.message_id] += 1
        if self.ids[stored.message_id] > 1:
            self.blame(today, stored.recipient, "the same message twice")
        if UUID(stored.message_id.strip("<>").partition(".")[0]) in self.taken_back:
            self.blame(today, stored.recipient, "a message that was taken back")
        person = self._find(stored.recipient)
        if person is None:
            self.blame(today, stored.recipient, "a mail for a stranger")
            return None
        mail = Mail(today, person, *read_words(stored.content))
        if stored.recipient != person.address:
            self.blame(today, stored.recipient, "an address that the office knew to be old")
        if mail.kind in PLAN_KINDS:
            self._judge_plan(mail, stored.recipient)
            return mail
        if mail.kind in CASE_KINDS:
            self._judge_case(mail, stored.recipient)
        else:
            self._judge(mail, stored.recipient)
        self.mails.append(mail)
        self.reminded |= set(mail.numbers)
        self.last_on[person.index] = today
        return mail

    def _find(self, address: str) -> Person | None:
        """Whose address it is, or was."""
        if address not in self.by_address:
            self.by_address |= {one.address: one for one in self.world.people}
        return self.by_address.get(address)

    def blame(self, today: date, who: str, what: str) -> None:
        """Something that should never have happened."""
        self.wrong.append(f"{today} {who}: {what}")

    def _judge(self, mail: Mail, address: str) -> None:
        person, today = mail.person, mail.on
        listed = self._judge_listed(mail, address)
        if not listed:
            return
        self._judge_stops(mail, address)
        for reason in person.reasons:
            about = frozenset(mail.numbers) - list_said_since(reason, person.reasons)
            if reason.is_owed_before(mail.kind, about, today):
                told = f"{today} {mail.kind}, and no {reason.message} came before it"
                self.skipped.append((person.number, told))
        self._judge_rhythm(mail, listed, address)

    def _judge_listed(self, mail: Mail, address: str) -> list[Invoice]:
        """Its invoices: each open, his own and not disputed, and for the right amount."""
        today = mail.on
        listed = [self.world.invoices[number] for number in mail.numbers]
        if not listed:
            self.blame(today, address, "a mail about nothing")
            return []
        for one in listed:
            if one.open_cents <= 0:
                self.blame(today, address, f"{one.number} was paid, and the office knew")
            if one.debtor != mail.person.index:
                self.blame(today, address, f"{one.number} is somebody else's")
            if one.disputed and mail.kind != "accepted":
                self.blame(today, address, f"{one.number} was disputed")
        self._judge_amount(mail, listed, address)
        return listed

    def _judge_stops(self, mail: Mail, address: str) -> None:
        """Nothing that was agreed holds this mail back."""
        person, today, numbers = mail.person, mail.on, frozenset(mail.numbers)
        for rest in person.rests:
            if rest.forbids(mail.kind, numbers, today):
                self.blame(today, address, f"{mail.kind}, and there was {rest.what}")
        for plan in person.plans:
            is_in_plan = plan.numbers & numbers and not plan.may_be_over
            if is_in_plan and mail.kind not in ANSWERS:
                self.blame(today, address, f"{mail.kind} about what is in a plan")
        if person.stopped_until is not None and today <= person.stopped_until:
            self.blame(today, address, f"was to be left alone until {person.stopped_until}")

    def _judge_case(self, mail: Mail, address: str) -> None:
        """What a case tells: once, for a reason that he gave or an objection that he made."""
        today, listed = mail.on, self._judge_listed(mail, address)
        self._judge_stops(mail, address)
        self._overtake_letters(mail)
        if mail.kind in ANSWERS:
            self._judge_answer(mail, address)
            return
        reason = self._find_reason(mail, listed)
        if reason is None:
            self.blame(today, address, f"{mail.kind}, and he gave no reason for it")
            return
        for wrong in reason.judge(address, today=today):
            self.blame(today, address, wrong)
        for one in listed:
            if not _is_about(reason, one):
                told = f"{mail.kind} about {one.number}, of which he did not speak"
                self.blame(today, address, told)
        if mail.kind in ASKS:
            self._judge_gap(mail, address)
        if mail.kind == "copy" and listed:
            self._give_days_of_copy(mail, listed, reason)

    def _overtake_letters(self, mail: Mail) -> None:
        """Two days to pay by would be one too many: a letter that runs is written anew later."""
        for number in mail.numbers:
            lettered_on = self.lettered_on.get(number, date.min)
            if (mail.on - lettered_on).days <= LETTER_AT_MOST_DAYS:
                self.overtaken_on[number] = mail.on

    def _find_reason(self, mail: Mail, listed: Sequence[Invoice]) -> KnownReason | None:
        """The reason that this mail follows on: of what it lists rather than of something else, one
        that waits for it rather than one that was answered, the latest of those.
        """
        found = [
            one for one in mail.person.reasons if one.message == mail.kind and one.stands(mail.on)
        ]
        about = [one for one in found if all(_is_about(one, it) for it in listed)] or found
        waiting = [one for one in about if one.sent_on is None]
        return next(iter(waiting or about[::-1]), None)

    def _judge_answer(self, mail: Mail, address: str) -> None:
        """An answer of the office about this invoice that was not told yet, as it was given."""
        found = [
            one
            for one in mail.person.answers
            if one.number in mail.numbers and one.kind == mail.kind and one.sent_on is None
        ]
        if not found:
            self.blame(mail.on, address, f"{mail.kind}, and there is no such answer to tell")
            return
        found[0].sent_on = mail.on

    def _give_days_of_copy(self, mail: Mail, listed: list[Invoice], reason: KnownReason) -> None:
        """From a copy on he has the days of the invoice, and nothing asks for it meanwhile."""
        least, most = COPY_DAYS
        days = min(max(least, *((one.due_on - one.issued_on).days for one in listed)), most)
        had = [one.asked_from_on for one in listed]
        tomorrow, until_on = mail.on + timedelta(days=1), max(mail.on + timedelta(days=days), *had)
        reason.rests[0].end(tomorrow)
        goes_on = frozenset(("before_due", *PLAN_KINDS, *(CASE_KINDS - ASKS)))
        what, told = "a copy with days of its own", {"allows": goes_on, "gives_time": False}
        mail.person.rests.append(Rest(what, tomorrow, until_on, frozenset(mail.numbers), **told))  # type: ignore[arg-type]

    def _judge_amount(self, mail: Mail, listed: list[Invoice], address: str) -> None:
        """What is open on these, less what he still gets; never more than he owes in all."""
        credit = self.world.credit_of(mail.person)
        known = sum(one.open_cents - one.aside_cents for one in listed)
        owed = sum(one.open_cents - one.aside_cents for one in self.world.open_of(mail.person))
        owed -= credit
        least = known - credit
        if not least <= mail.asked_cents <= min(known, owed):
            told = f"asked {mail.asked_cents} cents, open are {known}"
            self.blame(mail.on, address, f"{told}, {credit} to his credit" if credit else told)

    def _judge_plan(self, mail: Mail, address: str) -> None:
        """A message of a plan: of one that stands, about a term as it stands."""
        person, today = mail.person, mail.on
        if not person.plans:
            self.blame(today, address, f"{mail.kind} of a plan that nobody agreed")
            return
        plan = person.plans[-1]
        open_now = {number: self.world.invoices[number].open_cents for number in plan.numbers}
        owed = plan.list_owed(open_now)
        for rest in person.rests:
            if mail.kind != "confirmed" and rest.forbids(mail.kind, owed, today):
                self.blame(today, address, f"{mail.kind} of a plan, and there was {rest.what}")
        for wrong in plan.judge(mail.kind, mail.asked_cents, open_now, today=today):
            self.blame(today, address, wrong)

    def _judge_rhythm(self, mail: Mail, listed: list[Invoice], address: str) -> None:
        self._judge_gap(mail, address)
        given = mail.kind in {"reminder", "letter"} and self._may_say_again(mail)
        newer = mail.kind == "last_demand" and self._has_newer_letter(mail)
        # The oldest carries the step, by the days that were agreed; or one that is new.
        first = min(listed, key=lambda one: one.asked_from_on)
        again = self._is_again(mail, first)
        if not (given or newer or any(one.returned for one in listed)):
            again = again or not self.carriers[mail.person.number, mail.kind].place(mail.numbers)
            if again:
                self.blame(mail.on, address, f"the step {mail.kind} for {first.number} twice")
        if mail.kind == "letter":
            self.lettered_on.update(dict.fromkeys(mail.numbers, mail.on))

    def _judge_gap(self, mail: Mail, address: str) -> None:
        last_on = self.last_on.get(mail.person.index)
        if last_on is not None and (mail.on - last_on).days < MIN_GAP_DAYS:
            self.blame(mail.on, address, f"two contacts within {MIN_GAP_DAYS} days")

    def _is_again(self, mail: Mail, first: Invoice) -> bool:
        """Whether this one carried the step before, and none of them is new to it."""
        steps = [(mail.person.number, mail.kind, number) for number in mail.numbers]
        carrying = (mail.person.number, mail.kind, first.number)
        again = self.carried[carrying] > 0 and all(self.steps[step] for step in steps)
        self.steps.update(steps)
        self.carried[carrying] += 1
        return again

    def _has_newer_letter(self, mail: Mail) -> bool:
        """Whether a letter about one of these was not over yet when it was last demanded.

        Now that it is, a last demand follows, about everything that is late.
        """
        ends = {
            number: self.lettered_on[number] + timedelta(days=LETTER_DAYS)
            for number in mail.numbers
            if number in self.lettered_on
        }
        found = any(end > self.demanded_on.get(one, date.max) for one, end in ends.items())
        self.demanded_on.update(dict.fromkeys(mail.numbers, mail.on))
        return found

    def _may_say_again(self, mail: Mail) -> bool:
        """Who was given more time after a message with a term gets another one, with its own.

        So does who got a copy or an answer while his letter ran, and who got his reminder from a
        worker that was killed that day: what nobody can prove puts nobody in default (BW 6:82), and
        so he is reminded once more before the letter.
        """
        keys = [(mail.kind, number) for number in mail.numbers]
        earlier = [self.termed_on[one] for one in keys if one in self.termed_on]
        self.termed_on.update(dict.fromkeys(keys, mail.on))
        if not earlier:
            return False
        since = min(earlier)
        is_unproven = mail.kind == "reminder" and since in self.killed_on
        is_overtaken = mail.kind == "letter" and any(
            self.overtaken_on.get(number, date.min) >= since for number in mail.numbers
        )
        return is_unproven or is_overtaken or mail.person.was_given_time(since)

    def find_missed(self, today: date, *, unknown: set[str]) -> list[str]:
        """Who should long have heard from us about his oldest invoice, and has not.

        `unknown` numbers debtors with a message in doubt: those are listed, not lost.
        """
        skipped = [f"{who}: {what}" for who, what in self.skipped if who not in unknown]
        missed = [
            f"{person.number}: {what}"
            for person in self.world.people
            if person.number not in unknown
            for what in self._list_untold(person, today)
        ]
        for person in self.world.people:
            if person.habit not in {"never", "forgetful"} or person.number in unknown:
                continue
            for one in self.world.open_of(person)[:1]:
                is_long_ago = one.due_on + timedelta(days=LONGEST_WAIT_DAYS) < today
                if is_long_ago and one.number not in self.reminded:
                    missed.append(f"{person.number} about {one.number}")
        return skipped + missed

    def _list_untold(self, person: Person, today: date) -> list[str]:
        """What somebody should long have been told because of what he said, and was not."""
        long_ago = today - timedelta(days=LONGEST_WAIT_DAYS)
        if any(one.until_on > long_ago and one.gives_time for one in person.rests):
            return []
        if person.stopped_until is not None and person.stopped_until > long_ago:
            return []
        return [
            f"no {reason.message}, of {reason.told_on}"
            for reason in person.reasons
            if self._is_owed(person, reason, long_ago)
        ] + [
            f"no answer about {answer.number}, of {answer.on}"
            for answer in person.answers
            if answer.sent_on is None and answer.on < long_ago and self._asks(answer)
        ]

    def _is_owed(self, person: Person, reason: KnownReason, long_ago: date) -> bool:
        """Whether its message should be there: nobody ended it, and there is something to ask."""
        since = reason.confirmed_on if reason.message == "copy" else reason.told_on
        if reason.sent_on is not None or reason.over_on < date.max or since >= long_ago:
            return False
        went_on = any(
            mail.person is person
            and mail.kind in STEPS
            and mail.on > reason.told_on
            and (not reason.number or reason.number in mail.numbers)
            for mail in self.mails
        )
        return not went_on and any(
            one.number in reason.heard and not one.disputed and _is_about(reason, one)
            for one in self.world.open_of(person)
        )

    def _asks(self, answer: KnownAnswer) -> bool:
        """Whether anything of it is open still: else the credit note was the answer."""
        return self.world.invoices[answer.number].open_cents > 0


def _is_about(reason: KnownReason, invoice: Invoice) -> bool:
    """Whether he can have meant this invoice when he said it."""
    return reason.is_about(invoice.number, issued_on=invoice.issued_on, due_on=invoice.due_on)
