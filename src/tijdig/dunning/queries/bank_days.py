"""Which days of a letter's term the statements cover: costs of a consumer wait for them."""

from datetime import date
from functools import cache

from tijdig.core.calendar import list_bank_holidays

_SATURDAY = 5
# Letters are of 2012 and later; who reads statements of a later year waits on a holiday.
_FIRST_YEAR, _LAST_YEAR = 2012, 2060

# The last day of which a statement tells in full, by its moment of making alone.
_TOLD_UNTIL = """coalesce(
                   (statement.made_at AT TIME ZONE 'Europe/Amsterdam')::date, statement.until_on
               ) - 1"""
# What the statements of each account cover. One that was taken in, or made, on its last day tells
# of the day before: more may have come after it. So does one that does not say when it was made,
# until another follows. Days before an open gap are known, those after it are not.
BANK_READ_SQL = f"""
SELECT account.iban, administration.iban AS asked, known.from_on, known.until_on,
       coalesce(holes.unread, '{{}}') AS unread
FROM tijdig_account account
JOIN tijdig_administration administration ON administration.id = account.administration_id
CROSS JOIN LATERAL (
    SELECT min(coalesce(broken.from_on, broken.until_on, DATE '0001-01-01')) AS from_on
    FROM tijdig_statement broken
    WHERE broken.administration_id = account.administration_id
      AND broken.account_id = account.id
      AND broken.gap <> '' AND broken.accepted_at IS NULL) gap
CROSS JOIN LATERAL (
    SELECT min(coalesce(statement.from_on, statement.until_on)) AS from_on,
           max(least(statement.until_on, told.until_on, imported.as_of - 1)) AS until_on
    FROM tijdig_statement statement
    LEFT JOIN tijdig_import imported ON imported.administration_id = statement.administration_id
      AND imported.id = statement.import_id
    CROSS JOIN LATERAL (SELECT {_TOLD_UNTIL} AS until_on) told
    WHERE statement.administration_id = account.administration_id
      AND statement.account_id = account.id AND statement.kind = 'booked'
      AND statement.until_on IS NOT NULL
      AND coalesce(statement.from_on, statement.until_on) < coalesce(gap.from_on, 'infinity')) known
CROSS JOIN LATERAL (
    SELECT range_agg(daterange(one.covered + 1, one.from_on)) AS unread
    FROM (
        SELECT coalesce(statement.from_on, statement.until_on) AS from_on,
               statement.opening_cents IS NULL
                   AND (running.number = lag(running.number, 1, 0) OVER earlier + 1) IS NOT TRUE
                   AS is_blind,
               max(least(statement.until_on, {_TOLD_UNTIL})) OVER earlier AS covered
        FROM tijdig_statement statement
        CROSS JOIN LATERAL (
            SELECT CASE WHEN split_part(statement.sequence, '/', 1) ~ '^[0-9]{{1,9}}$'
                        THEN split_part(statement.sequence, '/', 1)::int END) running (number)
        WHERE statement.administration_id = account.administration_id
          AND statement.account_id = account.id AND statement.kind = 'booked'
          AND statement.until_on IS NOT NULL
        WINDOW earlier AS (
            ORDER BY coalesce(statement.from_on, statement.until_on), statement.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) one
    WHERE one.is_blind AND one.from_on > one.covered + 1 AND EXISTS (
        SELECT FROM generate_series(one.covered + 1, one.from_on - 1, interval '1 day') day
        WHERE extract(isodow FROM day) < 6 AND NOT day::date = ANY(%s))) holes
WHERE account.administration_id = %s
"""

# Whether all days of a term are read, from the one after its receipt, on the account that the
# letter names, which is in its words. NULL where no statement of that account was ever read: no
# other one tells of it. Where the words are gone, on the account where we ask for money now.
IS_READ_SQL = """
CROSS JOIN LATERAL (
    SELECT CASE WHEN bool_or(named IS NOT NULL) THEN bool_and(covers) FILTER (WHERE named)
                ELSE bool_and(covers) FILTER (WHERE iban = asked) END AS is_read
    FROM (
        SELECT bank.iban, bank.asked, position(bank.iban IN words.text) > 0 AS named,
               coalesce(bank.from_on <= coalesce(notice.received_on, notice.sent_on) + 1
                        AND bank.until_on >= notice.last_day
                        AND NOT bank.unread && daterange(
                            coalesce(notice.received_on, notice.sent_on) + 1,
                            greatest(notice.last_day,
                                     coalesce(notice.received_on, notice.sent_on) + 1), '[]'),
                        false) AS covers
        FROM bank LEFT JOIN LATERAL (
            SELECT translate(body.text, ' ' || chr(160) || chr(10), '') AS text
            FROM tijdig_messagebody body
            WHERE notice.kind = 'veertiendagenbrief' AND notice.received_on IS NOT NULL
              AND body.administration_id = notice.administration_id
              AND body.message_id = notice.message_id) words ON true) account
) bank_days
"""


@cache
def list_closed_days() -> tuple[date, ...]:
    """The weekdays on which no bank books, of the years that letters can be of."""
    years = range(_FIRST_YEAR, _LAST_YEAR + 1)
    holidays = (day for year in years for day in list_bank_holidays(year))
    return tuple(day for day in holidays if day.weekday() < _SATURDAY)
