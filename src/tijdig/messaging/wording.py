"""The words of one composition: plain strings for the placeholders, and its lists of facts."""

from collections.abc import Sequence

from tijdig.core.references import format_reference
from tijdig.messaging.composition import Composition, Creditor, Earlier, ListedItem
from tijdig.messaging.document import Fact, FactList, Paragraph, Run, Table, TableRow
from tijdig.messaging.labels import (
    LABELS,
    Labels,
    Language,
    clean_line,
    write_amount,
    write_date,
    write_short_date,
)

_EARLIER_AT_MOST = 3
_LONGEST_CALCULATION = 2_000
_LONGEST_ANSWER = 2_000


def language_of(composition: Composition) -> Language:
    """English for an addressee who reads English, Dutch for everyone else."""
    return "en" if composition.addressee.language.startswith("en") else "nl"


def words_of(composition: Composition, *, for_letter: bool) -> dict[str, str]:
    """Every placeholder with its text; empty where the composition does not say it.

    `one_invoice`, `part_paid`, `part_aside`, `credited`, `claims`, `puts_in_default`, `asks`,
    `leaves_rest`, `lists_more`, `can_move`, `to_business`, `for_letter` are "yes" or nothing.
    """
    language = language_of(composition)
    invoices = [item for item in composition.items if is_invoice(item)]
    first = min(invoices, key=lambda item: (item.due_on, item.number))
    addressee = composition.addressee
    contact = clean_line(addressee.contact_name)
    debtor = clean_line(addressee.name)
    pay_by_on, replaces_on = composition.pay_by_on, composition.replaces_on
    debit = composition.debit
    failed = [item.failed_debit_on for item in invoices if item.failed_debit_on]
    return {
        "creditor_name": clean_line(composition.creditor.name),
        "creditor_email": clean_line(composition.creditor.email),
        "creditor_phone": clean_line(composition.creditor.phone),
        "debtor_name": debtor,
        "contact_name": contact,
        "customer_number": clean_line(addressee.number),
        "greeting_name": contact or debtor,
        "formal_name": contact or ("heer of mevrouw" if language == "nl" else "Sir or Madam"),
        "invoice_label": invoice_label(composition),
        "due_on": write_date(first.due_on, language),
        "issued_on": write_date(first.issued_on, language),
        "total": write_amount(composition.total_cents, language),
        "pay_by": write_date(pay_by_on, language) if pay_by_on else "",
        "earlier": _refer_to(composition.earlier, language),
        "reach_us": _say_how_to_reach(composition.creditor, language, for_letter=for_letter),
        "hand_over_to": clean_line(composition.hand_over_to),
        "one_invoice": "yes" if len(invoices) == 1 else "",
        "part_paid": "yes" if _settled_cents(first) else "",
        "part_aside": "yes" if any(item.aside_cents for item in invoices) else "",
        "term_label": _name_term(composition, language),
        "debit_on": write_date(debit.collect_on, language) if debit else "",
        "discount": _offer_discount(invoices, language),
        "failed_debit": write_date(max(failed), language) if failed else "",
        "credited": "yes" if any(item.is_credit_note for item in composition.items) else "",
        "costs": _sum_claims(composition, "costs", language),
        "interest": _sum_claims(composition, "interest", language),
        "claims": "yes" if any(item.claim for item in composition.items) else "",
        "new_costs": _amount_or_nothing(composition.new_costs_cents, language),
        "new_vat": _amount_or_nothing(composition.new_vat_cents, language),
        "replaces": write_date(replaces_on, language) if replaces_on else "",
        "puts_in_default": "yes" if composition.puts_in_default and pay_by_on else "",
        "for_letter": "yes" if for_letter else "",
        **_words_of_case(composition, language),
    }


def _words_of_case(composition: Composition, language: Language) -> dict[str, str]:
    case, plan = composition.case, composition.plan
    letter = case.letter if case else None
    return {
        "can_move": "yes" if plan and plan.can_move else "",
        "to_business": "yes" if composition.to_business else "",
        "asks": "yes" if composition.total_cents > 0 else "",
        "leaves_rest": "yes" if case and case.leaves_rest else "",
        "told_on": write_date(case.told_on, language) if case else "",
        "disputed": _amount_or_nothing(case.cents, language) if case else "",
        "answer": clean_line(case.answer, limit=_LONGEST_ANSWER) if case else "",
        "letter_on": write_date(letter.sent_on, language) if letter else "",
        "letter_costs": _amount_or_nothing(letter.costs_cents, language) if letter else "",
        "letter_vat": _amount_or_nothing(letter.vat_cents, language) if letter else "",
        "lists_more": "yes" if letter and letter.lists_more else "",
    }


def is_invoice(item: ListedItem) -> bool:
    """Whether a row is an invoice, and no credit note, costs or interest."""
    return not item.is_credit_note and not item.claim


def invoice_label(composition: Composition) -> str:
    """`factuur 2026-0412` or `3 facturen`."""
    labels = LABELS[language_of(composition)]
    invoices = [item for item in composition.items if is_invoice(item)]
    if len(invoices) == 1:
        return f"{labels.invoice} {clean_line(invoices[0].number, limit=60)}"
    return f"{len(invoices)} {labels.several}"


def list_claims(composition: Composition) -> tuple[FactList | Table, ...]:
    """What is asked for: the facts of the only invoice, or a table of all."""
    language = language_of(composition)
    labels = LABELS[language]
    customer = _facts((labels.customer_number, composition.addressee.number))
    if len(composition.items) == 1:
        return (FactList(customer + _describe(composition.items[0], language), "claim"),)
    table = _tabulate(composition, language)
    return (FactList(customer, "claim"), table) if customer else (table,)


def list_plan_terms(composition: Composition) -> FactList:
    """The terms of the plan: each last day with its amount; empty where there is no plan."""
    language = language_of(composition)
    terms = composition.plan.terms if composition.plan else ()
    return FactList(
        tuple(Fact(write_date(on, language), write_amount(cents, language)) for on, cents in terms),
        "claim",
    )


def list_debit_details(composition: Composition) -> FactList:
    """What is collected: how much, on which day, by whom, on which mandate, from which account."""
    language = language_of(composition)
    labels = LABELS[language]
    debit = composition.debit
    if debit is None:
        return FactList((), "payment")
    return FactList(
        (
            Fact(labels.amount, write_amount(composition.total_cents, language), strong=True),
            *_facts(
                (labels.debit_on, write_date(debit.collect_on, language)),
                (labels.from_account, f"… {debit.iban[-4:]}"),
                (labels.creditor, composition.creditor.account_name or composition.creditor.name),
                (labels.creditor_id, debit.creditor_id),
                (labels.mandate, debit.mandate_reference),
            ),
        ),
        "payment",
    )


def list_payment_details(composition: Composition) -> FactList:
    """How to pay: what, to whom, with which reference, and until when."""
    language = language_of(composition)
    labels = LABELS[language]
    creditor = composition.creditor
    reference = composition.payment_reference
    pay_by_on = composition.pay_by_on
    description = f"{invoice_label(composition)} {composition.addressee.number}"
    return FactList(
        (
            Fact(labels.amount, write_amount(composition.total_cents, language), strong=True),
            *_facts(
                (labels.iban, format_reference(creditor.iban)),
                (labels.account_name, creditor.account_name or creditor.name),
                (labels.payment_reference, format_reference(reference)),
                (labels.description, "" if reference else description),
                (labels.pay_by, write_date(pay_by_on, language) if pay_by_on else ""),
            ),
        ),
        "payment",
    )


def list_contact_details(composition: Composition, *, for_letter: bool) -> Paragraph:
    """Who signs: name, address and numbers; only the name in a letter, whose head has the rest.

    A registered organisation that acts for the creditor stands below, with its registration.
    """
    creditor = composition.creditor
    labels = LABELS[language_of(composition)]
    town = clean_line(f"{creditor.postal_code} {creditor.city}")
    lines = [
        clean_line(", ".join(filter(None, (creditor.street, town)))),
        *(f"{fact.label} {fact.value}" for fact in reach_facts(creditor, labels)),
        clean_line(creditor.website),
    ]
    runs = [Run(clean_line(creditor.name), strong=True)]
    acting = _say_who_acts(creditor, labels)
    for line in filter(None, (*(() if for_letter else lines), acting)):
        runs += (Run("\n"), Run(line))
    return Paragraph("text", tuple(runs))


def _say_who_acts(creditor: Creditor, labels: Labels) -> str:
    """Who acts for the creditor, under his registered name. Law: Wki art. 11."""
    if not creditor.wki_registration:
        return ""
    return labels.acting.format(
        organisation=clean_line(creditor.acted_for_by),
        registration=clean_line(creditor.wki_registration),
    )


def reach_facts(creditor: Creditor, labels: Labels) -> tuple[Fact, ...]:
    """Phone, e-mail and registration numbers, as far as they are known."""
    return _facts(
        (labels.phone, creditor.phone),
        (labels.email, creditor.email),
        (labels.kvk_number, creditor.kvk_number),
        (labels.vat_number, creditor.vat_number),
    )


def _facts(*pairs: tuple[str, str]) -> tuple[Fact, ...]:
    cleaned = ((label, clean_line(value)) for label, value in pairs)
    return tuple(Fact(label, value) for label, value in cleaned if value)


def _describe(item: ListedItem, language: Language) -> tuple[Fact, ...]:
    labels = LABELS[language]
    return (
        *_facts(
            (labels.invoice_number, item.number),
            (labels.issued_on, write_date(item.issued_on, language)),
            (labels.due_on, write_date(item.due_on, language)),
        ),
        *_describe_references(item, language),
        *_describe_settled(item, language),
        Fact(labels.open, write_amount(item.open_cents, language), strong=True),
    )


def _tabulate(composition: Composition, language: Language) -> Table:
    labels = LABELS[language]
    return Table(
        header=(labels.invoice.capitalize(), labels.day, labels.last_day, labels.to_pay),
        rows=tuple(_row(item, language) for item in composition.items),
        total=Fact(labels.total, write_amount(composition.total_cents, language), strong=True),
    )


def _row(item: ListedItem, language: Language) -> TableRow:
    labels = LABELS[language]
    due_on = write_short_date(item.due_on, language) if is_invoice(item) else ""
    remarks = (
        *((labels.credit_note,) if item.is_credit_note and not item.is_money else ()),
        *((clean_line(item.calculation, limit=_LONGEST_CALCULATION),) if item.calculation else ()),
        *(f"{fact.label} {fact.value}" for fact in _describe_settled(item, language)),
        *(f"{fact.label} {fact.value}" for fact in _describe_references(item, language)),
    )
    return TableRow(
        cells=(
            _name_row(item, labels) or clean_line(item.number, limit=60),
            write_short_date(item.issued_on, language),
            due_on,
            write_amount(item.open_cents, language),
        ),
        note=" · ".join(remarks),
    )


def _name_row(item: ListedItem, labels: Labels) -> str:
    if item.is_money:
        return labels.money
    return {"costs": labels.costs, "interest": labels.interest}.get(item.claim, "")


def _sum_claims(composition: Composition, claim: str, language: Language) -> str:
    total = sum(item.open_cents for item in composition.items if item.claim == claim)
    return _amount_or_nothing(total, language)


def _offer_discount(invoices: Sequence[ListedItem], language: Language) -> str:
    """Until when who pays may keep how much, and what he then pays; a sentence per invoice."""
    told = []
    for item in invoices:
        if item.discount_until is None:
            continue
        label = f"{LABELS[language].invoice} {clean_line(item.number, limit=60)}"
        until = write_date(item.discount_until, language)
        kept = write_amount(item.discount_cents, language)
        left = write_amount(item.open_cents - item.discount_cents, language)
        told.append(
            f"If you pay {label} by {until}, you may keep {kept} as a discount. "
            f"You then pay {left}."
            if language == "en"
            else f"Betaalt u {label} uiterlijk op {until}? Dan mag u {kept} korting aftrekken. "
            f"U betaalt dan {left}."
        )
    return " ".join(told)


def _amount_or_nothing(cents: int, language: Language) -> str:
    return write_amount(cents, language) if cents > 0 else ""


def _describe_settled(item: ListedItem, language: Language) -> tuple[Fact, ...]:
    labels = LABELS[language]
    settled_cents = _settled_cents(item)
    facts = []
    if settled_cents:
        facts.append(Fact(labels.settled, write_amount(settled_cents, language)))
    if item.dropped_cents:
        facts.append(Fact(labels.dropped, write_amount(item.dropped_cents, language)))
    if item.aside_cents:
        facts.append(Fact(labels.aside, write_amount(item.aside_cents, language)))
    asked = labels.amount if item.claim else labels.invoiced
    invoiced = Fact(asked, write_amount(item.invoiced_cents, language))
    return (invoiced, *facts) if facts else ()


def _settled_cents(item: ListedItem) -> int:
    """What was paid or deducted: what is not asked now, or need not be paid, is neither."""
    return item.invoiced_cents - item.open_cents - item.aside_cents - item.dropped_cents


def _name_term(composition: Composition, language: Language) -> str:
    plan = composition.plan
    if plan is None:
        return ""
    return LABELS[language].term.format(position=plan.position, count=len(plan.terms))


def _describe_references(item: ListedItem, language: Language) -> tuple[Fact, ...]:
    labels = LABELS[language]
    return _facts(
        (labels.order_reference, item.order_reference),
        (labels.customer_reference, item.customer_reference),
    )


def _refer_to(earlier: tuple[Earlier, ...], language: Language) -> str:
    latest = sorted(earlier, key=lambda message: message.on)[-_EARLIER_AT_MOST:]
    return " ".join(_mention(message, language) for message in latest)


def _mention(message: Earlier, language: Language) -> str:
    day = write_date(message.on, language)
    if message.channel == "phone":
        return f"Op {day} belden wij u hierover." if language == "nl" else f"We called on {day}."
    what = _name_step(message.step_key, language)
    by_mail = message.channel == "email"
    if language == "nl":
        return f"Op {day} stuurden wij u {'per e-mail' if by_mail else 'per brief'} {what}."
    return f"On {day} we sent you {what} by {'e-mail' if by_mail else 'letter'}."


def _name_step(step_key: str, language: Language) -> str:
    if step_key.startswith("reminder"):
        return "een herinnering" if language == "nl" else "a reminder"
    if step_key.startswith("veertiendagenbrief"):
        return "een brief over kosten" if language == "nl" else "a letter about costs"
    if step_key.startswith("last_demand"):
        return "een laatste herinnering" if language == "nl" else "a final reminder"
    return "een bericht" if language == "nl" else "a message"


def _say_how_to_reach(creditor: Creditor, language: Language, *, for_letter: bool) -> str:
    phone, email = clean_line(creditor.phone), clean_line(creditor.email)
    if language == "nl":
        write = f"Mail naar {email}" if email else "Schrijf naar het adres boven deze brief"
        write = write if for_letter else "Beantwoord deze e-mail"
        return f"{write} of bel {phone}." if phone else f"{write}."
    write = f"Write to {email}" if email else "Write to the address at the top of this letter"
    write = write if for_letter else "Reply to this e-mail"
    return f"{write} or call {phone}." if phone else f"{write}."
