"""Look again at who was asked interest by a rate that was put right since."""

from tijdig.dunning.queries.rates import list_asked_by
from tijdig.dunning.queries.runs import find_last_run_day
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.tenants.law_rates import find_changed_from, load_known_rate_changes


def look_at_changed_rates() -> int:
    """Debtors with interest over days of a rate that changed since the last run are due; how many.

    What was asked too much by it is taken back in this run; too little comes with what is asked
    next. A rate that was put right on the day of a run counts in the next one too. A run that took
    nothing back is no last run: a rehearsal, or one that waited for a file.
    """
    changes = load_known_rate_changes()
    if not changes:
        return 0
    last_on = find_last_run_day(sending_on=True, is_done=True)
    from_on = find_changed_from(changes, since=last_on)
    debtor_ids = list_asked_by(from_on) if from_on else []
    touch_debtors(debtor_ids)
    return len(debtor_ids)
