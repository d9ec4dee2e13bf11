"""The addresses of the staff's door; each begins with the administration's slug."""

from django.urls import path, register_converter

from tijdig.desk import (
    administration,
    audit,
    calls,
    debtors,
    guards,
    halts,
    imports,
    invoices,
    limitation,
    mailbox,
    outbox,
    payments,
    questions,
    today,
    vat_refunds,
    why,
)
from tijdig.desk.converters import NumberConverter

register_converter(NumberConverter, "number")

urlpatterns = [
    path("vandaag/", today.today, name="today"),
    path("vandaag/cijfers/", today.figures, name="figures"),
    path("vandaag/vragen/<uuid:halt_id>/antwoord/", halts.halt_answer, name="halt-answer"),
    path("bellen/<uuid:call_id>/uitkomst/", calls.call_outcome, name="call-outcome"),
    path("debiteuren/", debtors.debtors, name="debtors"),
    path("debiteuren/<number:number>/", debtors.debtor, name="debtor"),
    path("debiteuren/<number:number>/waarom/", why.why, name="why"),
    path("debiteuren/<number:number>/contact/", debtors.contact, name="contact"),
    path("facturen/", invoices.invoices, name="invoices"),
    path("facturen/<number:number>/", invoices.invoice, name="invoice"),
    path("verjaring/", limitation.limitation, name="limitation"),
    path("btw-terug/", vat_refunds.vat_refunds, name="vat-refunds"),
    path("btw-terug/lijst/", vat_refunds.vat_refunds_csv, name="vat-refunds-csv"),
    path("documenten/<uuid:document_id>/", invoices.document, name="document"),
    path("betalingen/", payments.payments, name="payments"),
    path(
        "betalingen/rekeningen/<uuid:account_id>/bevestiging/",
        payments.account_confirmation,
        name="account-confirmation",
    ),
    path(
        "betalingen/afschriften/<uuid:statement_id>/acceptatie/",
        payments.gap_acceptance,
        name="gap-acceptance",
    ),
    path("berichten/", outbox.outbox, name="messages"),
    path("berichten/vragen/", questions.questions, name="questions"),
    path("berichten/tegenhouden/", questions.take_back, name="take-back"),
    path("berichten/<uuid:message_id>/antwoord/", questions.message_answer, name="message-answer"),
    path("berichten/<uuid:message_id>/", outbox.message, name="message"),
    path("berichten/<uuid:message_id>/html/", outbox.message_html, name="message-html"),
    path("berichten/<uuid:message_id>/pdf/", outbox.message_pdf, name="message-pdf"),
    path("import/", imports.imports, name="imports"),
    path("import/voorbeeld/", imports.list_preview, name="list-preview"),
    path("import/<uuid:import_id>/", imports.import_, name="import"),
    path("instellingen/bewaking/", guards.guards, name="guards"),
    path("instellingen/", administration.settings_page, name="settings"),
    path("instellingen/versturen/", administration.sending_switch, name="sending"),
    path("instellingen/beleid/", administration.policy, name="policy"),
    path("instellingen/afzender/", administration.creditor, name="creditor"),
    path("instellingen/controle/", audit.audit_check, name="audit-check"),
    path("postvak/", mailbox.mailbox, name="mailbox"),
    path("postvak/<uuid:message_id>/", mailbox.mail, name="mail"),
    path("postvak/<uuid:message_id>/html/", mailbox.mail_html, name="mail-html"),
]
