"""What a bank would send back, found before the file is written."""

from collections import Counter
from typing import Final, NoReturn

from tijdig.banking.debit_records import DebitFileRecord, DebitRecord
from tijdig.core.calendar import is_banking_day
from tijdig.core.direct_debits.characters import clean_text
from tijdig.core.direct_debits.mandates import (
    LONGEST_NAME,
    check_mandate,
    is_valid_creditor_id,
    is_valid_reference,
    needs_payer_address,
)
from tijdig.core.identifiers import is_valid_iban
from tijdig.core.problem import Refusal

LONGEST_MESSAGE_ID: Final = 30
_MOST_CENTS: Final = 99_999_999_999


def refuse_bad_file(file: DebitFileRecord) -> None:
    """Nothing, or a Refusal that names the first collection that a bank would send back."""
    if not file.debits:
        raise Refusal(
            "Dit bestand bevat geen incasso's. Kies eerst wat u wilt incasseren.",
            "This file holds no collections. First choose what to collect.",
        )
    if not is_valid_reference(file.message_id) or len(file.message_id) > LONGEST_MESSAGE_ID:
        raise Refusal(
            "Het kenmerk van het bestand past niet bij SEPA. Gebruik 1 tot 30 letters en cijfers.",
            "The reference of the file does not fit SEPA. Use 1 to 30 letters and digits.",
        )
    if not is_valid_iban(file.creditor.iban):
        raise Refusal(
            "Het eigen rekeningnummer klopt niet. Kies een rekening met een juist IBAN.",
            "The own account number is not right. Choose an account with a right IBAN.",
        )
    if not is_valid_creditor_id(file.creditor.creditor_id):
        raise Refusal(
            "Het incassant-ID klopt niet. Neem het over uit uw incassocontract.",
            "The creditor identifier is not right. Copy it from your contract with the bank.",
        )
    if not clean_text(file.creditor.name, longest=LONGEST_NAME):
        raise Refusal(
            "De naam van de incassant ontbreekt. Vul de naam van uw bedrijf in.",
            "The name of the creditor is missing. Fill in the name of your company.",
        )
    seen = Counter(one.end_to_end_id for one in file.debits)
    for debit in file.debits:
        _refuse_bad_debit(debit, file)
        if seen[debit.end_to_end_id] > 1:
            _refuse(
                debit,
                "dit kenmerk staat er dubbel in. Geef elke incasso een eigen kenmerk.",
                "this reference stands in the file twice. Give every collection its own.",
            )


def _refuse_bad_debit(debit: DebitRecord, file: DebitFileRecord) -> None:
    if not is_valid_reference(debit.end_to_end_id):
        _refuse(
            debit,
            "dit kenmerk past niet bij SEPA. Gebruik 1 tot 35 letters en cijfers.",
            "this reference does not fit SEPA. Use 1 to 35 letters and digits.",
        )
    if not 0 < debit.cents <= _MOST_CENTS:
        _refuse(
            debit,
            "het bedrag moet tussen € 0,01 en € 999.999.999,99 liggen.",
            "the amount must lie between EUR 0.01 and EUR 999,999,999.99.",
        )
    if not is_banking_day(debit.collect_on):
        _refuse(
            debit,
            "op deze dag zijn de banken dicht. Kies een bankwerkdag.",
            "the banks are closed on this day. Choose a banking day.",
        )
    objection = check_mandate(debit.mandate, today=debit.collect_on)
    if objection is not None:
        _refuse(debit, objection.because.nl, objection.because.en)
    if _plain(debit.mandate.creditor_id) != _plain(file.creditor.creditor_id):
        _refuse(
            debit,
            "de machtiging noemt een ander incassant-ID. Pas de machtiging aan.",
            "the mandate names another creditor identifier. Change the mandate.",
        )
    if not clean_text(debit.mandate.holder, longest=LONGEST_NAME):
        _refuse(
            debit,
            "de naam van de rekeninghouder is niet te schrijven in letters van SEPA.",
            "the name of the account holder cannot be written in letters of SEPA.",
        )
    if debit.amendment is not None and debit.amendment.reference:
        _refuse_bad_amendment(debit, debit.amendment.reference)
    if _needs_address(debit):
        _refuse(
            debit,
            "voor een rekening in dit land is het adres van de betaler verplicht. Vul ten minste"
            " plaats en land in.",
            "for an account in this country the payer's address is required. Fill in at least town"
            " and country.",
        )


def _refuse_bad_amendment(debit: DebitRecord, reference: str) -> None:
    if not is_valid_reference(reference):
        _refuse(
            debit,
            "het oude kenmerk van de machtiging past niet bij SEPA. Verbeter het.",
            "the old mandate reference does not fit SEPA. Correct it.",
        )


def _needs_address(debit: DebitRecord) -> bool:
    if not needs_payer_address(debit.mandate.iban):
        return False
    address = debit.address
    return address is None or not (clean_text(address.town, longest=35) and address.country)


def _refuse(debit: DebitRecord, nl: str, en: str) -> NoReturn:
    raise Refusal(f"Incasso {debit.end_to_end_id}: {nl}", f"Collection {debit.end_to_end_id}: {en}")


def _plain(text: str) -> str:
    return "".join(text.split()).upper()
