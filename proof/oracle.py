"""The oracle: each mail that the server truly got, against what the office could know that day."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

from tests.faults.smtp_sink import Stored

from proof.world import Invoice, Person, World

_NUMBER = re.compile(r"\bF\d{6}\b")
_ASKED = re.compile(r"^Bedrag:\s+€\s([\d.,]+)", re.MULTILINE)
MIN_GAP_DAYS = 7
# Reminder after 5 days, then days off, a rest after another contact, and the list of the books.
LONGEST_WAIT_DAYS = 40


@dataclass(frozen=True, slots=True)
class Mail:
    """What a debtor reads."""

    on: date
    person: Person
    kind: str
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
    last_on: dict[int, date] = field(default_factory=dict)
    reminded: set[str] = field(default_factory=set)
    by_address: dict[str, Person] = field(default_factory=dict)

    def read(self, stored: Stored, today: date) -> Mail | None:
        """Judge one mail; None when it is for nobody in this world."""
        self.ids[stored.message_id] += 1
        if self.ids[stored.message_id] > 1:
            self.blame(today, stored.recipient, "the same message twice")
        person = self.by_address.get(stored.recipient)
        if person is None:
            self.blame(today, stored.recipient, "a mail for a stranger")
            return None
        mail = self._understand(stored, person, today)
        self._judge(mail, stored.recipient)
        self.mails.append(mail)
        self.reminded |= set(mail.numbers)
        self.last_on[person.index] = today
        return mail

    def blame(self, today: date, who: str, what: str) -> None:
        """Something that should never have happened."""
        self.wrong.append(f"{today} {who}: {what}")

    def _understand(self, stored: Stored, person: Person, today: date) -> Mail:
        # The plain old classes: those that know every rule of a header take ten times as long.
        message = message_from_bytes(stored.content)
        plain = next(
            (one for one in message.walk() if one.get_content_type() == "text/plain"), None
        )
        body = plain.get_payload(decode=True) if plain is not None else b""
        text = body.decode("utf-8") if isinstance(body, bytes) else ""
        text = text.replace("\N{NO-BREAK SPACE}", " ")
        asked = _ASKED.search(text)
        cents = int(asked.group(1).replace(".", "").replace(",", "")) if asked else 0
        kind = str(make_header(decode_header(message["Subject"]))).split(" ")[0]
        return Mail(today, person, kind, tuple(dict.fromkeys(_NUMBER.findall(text))), cents)

    def _judge(self, mail: Mail, address: str) -> None:
        person, today = mail.person, mail.on
        listed = [self.world.invoices[number] for number in mail.numbers]
        if not listed:
            self.blame(today, address, "a mail about nothing")
            return
        for one in listed:
            if one.open_cents <= 0:
                self.blame(today, address, f"{one.number} was paid, and the office knew")
            if one.debtor != person.index:
                self.blame(today, address, f"{one.number} is somebody else's")
            if one.disputed:
                self.blame(today, address, f"{one.number} was disputed")
        known = sum(one.open_cents for one in listed)
        if mail.asked_cents != known:
            self.blame(today, address, f"asked {mail.asked_cents} cents, open are {known}")
        if person.stopped_until is not None and today <= person.stopped_until:
            self.blame(today, address, f"was to be left alone until {person.stopped_until}")
        if address != person.address:
            self.blame(today, address, "an address that the office knew to be old")
        self._judge_rhythm(mail, listed[0], address)

    def _judge_rhythm(self, mail: Mail, carrying: Invoice, address: str) -> None:
        last_on = self.last_on.get(mail.person.index)
        if last_on is not None and (mail.on - last_on).days < MIN_GAP_DAYS:
            self.blame(mail.on, address, f"two contacts within {MIN_GAP_DAYS} days")
        step = (mail.person.number, mail.kind, carrying.number)
        self.steps[step] += 1
        if self.steps[step] > 1 and not carrying.returned:
            self.blame(mail.on, address, f"the step {mail.kind} for {carrying.number} twice")

    def find_missed(self, today: date, *, unknown: set[str]) -> list[str]:
        """Who should long have heard from us about his oldest invoice, and has not.

        `unknown` numbers debtors with a message in doubt: those are listed, not lost.
        """
        missed = []
        for person in self.world.people:
            if person.habit not in {"never", "forgetful"} or person.number in unknown:
                continue
            for one in self.world.open_of(person)[:1]:
                is_long_ago = one.due_on + timedelta(days=LONGEST_WAIT_DAYS) < today
                if is_long_ago and one.number not in self.reminded:
                    missed.append(f"{person.number} about {one.number}")
        return missed
