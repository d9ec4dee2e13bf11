"""SQL about a dispute `c` that was answered: whether the debtor can still not have heard it."""

from tijdig.messaging.models import NOT_GONE

_NOT_GONE = ", ".join(f"'{state.value}'" for state in NOT_GONE)
# Its answer waits for the next run, or for its five minutes; nothing is left to wait for once the
# invoice is paid. The step key is that of `core.case_messages.make_case_key`.
ANSWER_WAITS = f"""
    c.tells_debtor AND c.state IN ('accepted', 'settled', 'declined')
    AND EXISTS (
        SELECT FROM tijdig_openitem item
        WHERE item.administration_id = c.administration_id AND item.id = c.item_id
          AND item.closed_on IS NULL)
    AND NOT EXISTS (
        SELECT FROM tijdig_message sent
        WHERE sent.administration_id = c.administration_id AND sent.debtor_id = c.debtor_id
          AND starts_with(sent.step_key,
                          'case-' || right(replace(c.id::text, '-', ''), 12) || '-')
          AND sent.state NOT IN ({_NOT_GONE}))
"""
