"""Dutch law on money owed late, to the cent, with the article beside every number.

All of it is pure: frozen values in, frozen values out; whole cents; days as arguments; a refusal
is a Dutch and an English sentence. What each module gives:

tables            every number of the law: dated rows with source, day published, day checked
dated             get_value(table, on), compute_known_until, is_stale(table, today),
                  with_added_rates(RATES, added) -> RateTables
collection_costs  compute_collection_costs(principals, on=): the scale over the sum of principals;
                  may_add_vat; compute_costs_after_letter (parts paid before, within, after the
                  term); compute_business_costs (no letter needed); compute_instalment_costs
agreed_costs      AgreedCosts, and who may agree what: refuse_bad_agreement, refuse_unfit_party
interest          compute_interest(cents, owed_from=, until=, terms=InterestTerms(kind), rates=)
                  -> Interest(interest_cents, days, lines); run_interest for claims paid in parts;
                  RateUnknown beyond the table (compute_known_until tells the day)
articles          the article beside a figure: explain_interest(terms), explain_part(part, ...)
imputation        allocate(claims, payments, end_on=, order="law" | "principal_first")
veertiendagenbrief  compute_letter_days(sent_on, by="post" | "email", received_on=) -> LetterDays
                  (received_on, last_day_on, costs_from_on, printed_on, is_proven, because);
                  explain_no_costs(...): why a consumer owes no costs yet, None when he does;
                  compute_receipt_by_post
letter_check      check_letter(text, LetterFacts(...)) -> every ground on which a letter is void
letter_language   the words that check_letter looks for
default           compute_default(PaymentTerm, kind=, notice=) -> DefaultState(in_default_from,
                  needs_notice, because); check_term: a term longer than the law allows
limitation        compute_limitation(due_on, kind=, interrupted_on=) -> ends_on;
                  compute_limitation_warning(ends_on, today) -> 180, 60, 0 (over) or None
vat_refund        compute_vat_refund(due_on, filing=) -> the return; split_vat for later receipts
contact_hours     is_contact_allowed(local moment), find_next_contact, explain_registration (Wki)
"""
