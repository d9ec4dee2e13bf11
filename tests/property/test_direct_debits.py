"""What holds for every collection: whatever the day, the reason, the name."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.plugs.debit_samples import CREDITOR, make_debit, make_file, make_mandate

from tijdig.banking.formats.pain008 import write_pain008
from tijdig.core.calendar import add_banking_days, is_banking_day, next_banking_day
from tijdig.core.direct_debits.banks import BankProfile, find_bank
from tijdig.core.direct_debits.characters import clean_text
from tijdig.core.direct_debits.deadlines import announce_by, earliest_collection_day, firm_from
from tijdig.core.direct_debits.mandates import is_valid_reference
from tijdig.core.direct_debits.returns import RetryTerms, answer_return

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2060, 12, 31))
codes = st.sampled_from(
    "AC01 AC04 AC06 AC13 AG01 AG02 AM04 AM05 BE05 DNOR ED05 FF01 MD01 MD02 MD06 MD07 MS02 MS03 "
    "RR04 SL01 TM01".split()
) | st.text(max_size=6)
banks = st.builds(BankProfile, st.just("x"), st.just("x"), lead_days=st.integers(0, 5))
terms_of = st.builds(
    RetryTerms,
    bank=banks,
    announce_days=st.integers(1, 30),
    most_retries=st.integers(0, 4),
    wait_banking_days=st.integers(0, 15),
    pay_day=st.none() | st.integers(1, 31),
)
BANK = find_bank(CREDITOR.iban)
ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")


@given(codes, st.integers(0, 6), days, st.integers(-30, 30), terms_of)
def test_a_retry_is_never_before_its_time(
    code: str, attempts: int, today: date, ahead: int, terms: RetryTerms
) -> None:
    collect_on = today + timedelta(days=ahead)
    answer = answer_return(code, attempts=attempts, collect_on=collect_on, today=today, terms=terms)
    assert (answer.kind == "retry") == (answer.retry_on is not None)
    if answer.retry_on is None:
        return
    assert code in ("AM04", "ED05", "TM01")
    assert attempts <= terms.most_retries
    assert is_banking_day(answer.retry_on)
    assert announce_by(answer.retry_on, days_agreed=terms.announce_days) > today
    assert answer.retry_on >= add_banking_days(today, terms.bank.lead_days)
    # At most a month and a long weekend after everything else allows it.
    soonest = max(today + timedelta(terms.announce_days), add_banking_days(today, 22))
    soonest = max(soonest, add_banking_days(collect_on, 22))
    assert answer.retry_on >= collect_on
    assert answer.retry_on <= soonest + timedelta(days=31 + 10)
    if code == "AM04":
        rested_on = add_banking_days(max(today, collect_on), terms.wait_banking_days)
        assert answer.retry_on >= rested_on
        if terms.pay_day is not None:
            _stands_behind_pay_day(answer.retry_on, terms.pay_day)


def _stands_behind_pay_day(retry_on: date, pay_day: int) -> None:
    """Between the day after pay day and the retry lie closing days only."""
    day = retry_on
    while not _is_pay_day(day - timedelta(days=1), pay_day):
        day -= timedelta(days=1)
        assert not is_banking_day(day)


def _is_pay_day(day: date, pay_day: int) -> bool:
    is_last = (day + timedelta(days=1)).day == 1
    return day.day == pay_day or (is_last and day.day < pay_day)


@given(days, st.times(), banks)
def test_the_first_day_of_collection_is_a_banking_day_far_enough(
    today: date, at: object, bank: BankProfile
) -> None:
    first_on = earliest_collection_day(bank, today=today, at=at)  # type: ignore[arg-type]
    assert is_banking_day(first_on)
    assert first_on >= add_banking_days(next_banking_day(today), bank.lead_days)
    later = earliest_collection_day(bank, today=today + timedelta(days=1), at=at)  # type: ignore[arg-type]
    assert later >= first_on


@given(days)
def test_money_is_firm_sooner_with_a_business_and_latest_without_a_mandate(on: date) -> None:
    assert (
        on < firm_from(on, "b2b") < firm_from(on, "core") < firm_from(on, "core", has_mandate=False)
    )
    assert firm_from(on, "core") > on + timedelta(weeks=8)


@given(st.text(max_size=300), st.integers(1, 140))
def test_a_clean_text_has_only_characters_of_sepa_and_stays_so(text: str, longest: int) -> None:
    clean = clean_text(text, longest=longest)
    assert set(clean) <= ALLOWED
    assert len(clean) <= longest
    assert clean == clean.strip(" /")
    assert clean_text(clean, longest=longest) == clean
    assert not clean or "\n" in clean or is_valid_reference(clean[:35].strip(" /"))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.text(max_size=90), st.text(max_size=200), st.integers(1, 99_999_999_999)),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_the_names_the_file_holds_and_adds_up(lines: list[tuple[str, str, int]]) -> None:
    debits = [
        make_debit(
            end_to_end_id=f"TD-{number}",
            cents=cents,
            text=text,
            mandate=make_mandate(holder=f"x{name}"),
        )
        for number, (name, text, cents) in enumerate(lines)
    ]
    creditor = replace(CREDITOR, name=f"y{lines[0][0]}")
    for version in ("001.02", "001.08"):
        content = write_pain008(make_file(*debits, creditor=creditor), bank=BANK, version=version)
        root = etree.fromstring(content)
        amounts = [_cents(one.text) for one in root.iter("{*}InstdAmt")]
        sums = [_cents(one.text) for one in root.iter("{*}CtrlSum")]
        assert sorted(amounts) == sorted(cents for _, _, cents in lines)
        assert sums == [sum(amounts), sum(amounts)]


def _cents(text: str | None) -> int:
    whole, _, cents = (text or "").partition(".")
    return int(whole) * 100 + int(cents)
