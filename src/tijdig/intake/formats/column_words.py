"""The words that Dutch bookkeeping packages put above a column, per field of an open item."""

# Each word is written as `columns.normalise` leaves it: small letters and digits only, no accents.
# The order is the preference: where two columns fit, the word that stands first wins.
# `party` says who, not whether by name or by number: `columns` decides by what else there is.
# The last three need not be there: they help to recognise a header row; VAT is kept if it is known.
_WORDS = """
number: factuurnummer factuurnr factuurno factuurnum verkoopfactuurnummer verkoopfactuurnr
    factnr factnummer factuurid nummerfactuur notanummer notanr mutfactuur finvnumber
    fintrslineinvnumber invoicenumber invoicenr invoiceno invnumber invoiceid invref factuur
    invoice nota fact
entry_number: boekstuknummer boekstuknr boekstuk boekingsnummer boekingsnr stuknummer
    entrynumber fintrsheadnumber transactienummer mutatienummer mutatienr
issued_on: factuurdatum factdatum factuurdat factdat datumfactuur invoicedate issuedate invdt
    notadatum boekstukdatum boekdatum boekingsdatum fintrsheaddate mutdatum datum date
due_on: vervaldatum vervaldag vervaltop datumvervallen duedate invduedt fintrslinedatedue
    fintrslineduedate datedue uiterstebetaaldatum betalenvoor betaaldatumuiterlijk vervalt
    vervdatum vervdat vervaldat vervaldt vervdt verval
term_days: betaaltermijn betalingstermijn krediettermijn betaaltermijndagen
    betalingstermijndagen krediettermijndagen betaaldagen betalingsconditiedagen paymentterm
    paymenttermdays duedays termijn
total: factuurbedrag factbedrag bedragincl bedraginclbtw bedraginclusiefbtw totaalincl totaalinclbtw
    totaalinclusiefbtw totalpriceincltax totalpriceincltaxbase transactionamountdc
    transactionamountfc originalamount origineelbedrag oorspronkelijkbedrag
    fintrslinevaluesigned valuesigned fintrslinevalue factuurtotaal invoiceamount totaalbedrag
    bedrag amount amnt value totaal total
paid: voldaan voldaanbedrag betaald betaaldbedrag bedragbetaald reedsbetaald reedsvoldaan
    ontvangen ontvangenbedrag totalpaid paidamount amountpaid paid
open: openstaandsaldo openstaandbedrag bedragopenstaand openstaand bedragopen openbedrag
    opensaldo openstaandepost openstsaldo openstbedrag openst totaalopenstaand nogopenstaand nogopen
    restbedrag restantbedrag restant nogtebetalen nogteontvangen tebetalen tevorderen
    totalunpaid totalunpaidbase fintrslineopenvaluesigned openvaluesigned fintrslineopenvalue
    openvalue openamount outstandingamount amountopen outstanding amountdc amountfc open saldo
    balance
debit: debet debetbedrag bedragdebet debit debitamount
credit: credit creditbedrag bedragcredit creditamount
sign: debetcredit dc debitcredit fintrslinedebitcredit amnttp afbij
currency: valuta valutacode muntsoort munteenheid munt currency currencycode curcode
    fintrsheadcurcode
debtor_number: debiteurnummer debiteurnr debiteurno debiteurcode deb debnr klantnummer klantnr
    klantcode relatiecode relatienummer relatienr relatieid relnr debtornumber debtorid debtorcode
    customernumber customerid customercode accountcode contactcode custsupid fintrslinedim2 dim2
    customernr
    code
debtor_name: debiteurnaam naamdebiteur klantnaam naamklant relatienaam naamrelatie bedrijfsnaam
    debnaam relnaam debtorname customername accountname custsupname companyname contactname dim2name
    fintrslinedim2name bedrijf naam name
party: debiteur klant relatie debtor customer contact account
email: emailfacturen factuuremail emailfactuur aanmaanemail emailadres email mail mailadres
    emailaddress
phone: telefoonnummer telefoon telefoonnr tel phone phonenumber
mobile: mobielnummer mobiel mobieltelefoon gsm mobile
contact_name: contactpersoon naamcontactpersoon tav tenaamvan contactperson attention
street: factuuradres adres adresregel1 adres1 straat straatnaam address addressline1 address1
    street
house_number: huisnummer huisnr housenumber
postal_code: postcode zipcode zip postalcode
city: plaats woonplaats plaatsnaam stad city
country: landcode land countrycode country
kvk_number: kvknummer kvknr kvk kamervankoophandel chamberofcommerce cocnumber commercenr
    handelsregisternummer
vat_number: btwnummer btwnr btwid btwidentificatienummer vatnumber taxnumber taxregident
oin: oin oinnummer oinnumber
iban: iban ibannummer sepaiban rekeningnummer bankrekening bankaccnr
debtor_kind: soortdebiteur debiteursoort soortklant klantsoort klanttype soortrelatie
    relatiesoort relatietype typerelatie customertype zakelijkparticulier particulierzakelijk
kind: factuursoort soortfactuur documentsoort documenttype boekstuksoort transactiesoort
    transactiontype invoicetype soort type
customer_reference: uwreferentie uwref yourref klantreferentie referentieklant referentie
    reference
order_reference: ordernummer ordernr inkoopordernummer inkooporder bestelnummer ponummer
    ordernumber purchaseorder
payment_reference: betalingskenmerk betaalkenmerk acceptgirokenmerk paymentreference
    shortpaymentreference
credited_number: gecrediteerdefactuur crediteertfactuur originalsalesinvoiceid
mandate: machtigingskenmerk mandaatkenmerk mandateid sepamandateid
description: omschrijving description toelichting betreft
total_excl: bedragexcl bedragexclbtw bedragexclusiefbtw totaalexclbtw
vat_amount: btw btwbedrag vatamount
"""

# Field -> what a person calls it, Dutch and English.
_LABELS = """
number: factuurnummer / invoice number
entry_number: boekstuknummer / entry number
issued_on: factuurdatum / invoice date
due_on: vervaldatum / due date
term_days: betaaltermijn / payment term
total: factuurbedrag / invoice amount
paid: voldaan bedrag / amount paid
open: openstaand bedrag / open amount
debit: debet / debit
credit: credit / credit
sign: debet of credit / debit or credit
currency: valuta / currency
debtor_number: debiteurnummer / debtor number
debtor_name: debiteurnaam / debtor name
email: e-mailadres / e-mail address
phone: telefoonnummer / telephone number
mobile: mobiel nummer / mobile number
contact_name: contactpersoon / contact person
street: adres / street
house_number: huisnummer / house number
postal_code: postcode / postal code
city: plaats / city
country: land / country
kvk_number: KvK-nummer / KvK number
vat_number: btw-nummer / VAT number
oin: OIN / OIN
iban: IBAN / IBAN
debtor_kind: soort debiteur / kind of debtor
kind: soort / kind
customer_reference: uw referentie / customer reference
order_reference: ordernummer / order number
payment_reference: betalingskenmerk / payment reference
credited_number: gecrediteerde factuur / credited invoice
mandate: machtiging / direct-debit mandate
description: omschrijving / description
total_excl: bedrag exclusief btw / amount excluding VAT
vat_amount: btw-bedrag / VAT amount
"""

UNUSED = frozenset({"description", "total_excl", "vat_amount"})


def _read_words() -> dict[str, tuple[str, ...]]:
    fields = _WORDS.strip().replace("\n    ", " ").splitlines()
    return {x: tuple(words.split()) for x, _, words in (y.partition(": ") for y in fields)}


def _read_labels() -> dict[str, tuple[str, str]]:
    fields = (y.partition(": ") for y in _LABELS.strip().splitlines())
    return {x: (names.split(" / ")[0], names.split(" / ")[1]) for x, _, names in fields}


WORDS = _read_words()
LABELS = _read_labels()
