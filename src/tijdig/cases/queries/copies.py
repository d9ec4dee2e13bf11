"""SQL about a reason `c` that somebody did not get his invoice: where its copy may go, and did."""

# Where the debtor confirmed that a copy may go, as long as that is where he is reached: empty from
# the day on which mail or post comes back from there, or somebody filled in another address.
USABLE_ADDRESS = """
    coalesce((
        SELECT c.address FROM tijdig_contact known
        WHERE known.administration_id = c.administration_id AND known.debtor_id = c.debtor_id
          AND CASE WHEN c.address = 'letter'
              THEN known.street <> '' AND known.city <> '' AND known.address_failed_on IS NULL
              ELSE lower(known.email) = lower(c.address) AND known.email_failed_on IS NULL END), '')
"""

# The day of the copy that went to the last address that he confirmed and did not come back. Its
# step key is that of `core.case_messages.make_case_key`.
COPY_SENT_ON = """
    (SELECT max(sent.planned_on) FROM tijdig_message sent
     WHERE sent.administration_id = c.administration_id AND sent.debtor_id = c.debtor_id
       AND sent.state IN ('accepted', 'delivered', 'bounced_soft', 'complained')
       AND sent.step_key = 'case-' || right(replace(c.id::text, '-', ''), 12) || '-invoice'
           || CASE WHEN c.address_round > 0 THEN '-' || c.address_round + 1 ELSE '' END)
"""
