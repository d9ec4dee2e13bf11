"""Whatever happens to the bytes of an invoice, reading it yields a record or a reason."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plugs.ubl_samples import make_tag, make_ubl

from tijdig.intake.formats import ubl

INVOICE = make_ubl()
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).map(
    lambda text: text.replace("&", "").replace("<", "").replace("]]>", "")
)


def check(content: bytes) -> None:
    ubl.recognise(content[:1000])
    file = ubl.parse(content, name="x.xml")
    refusals = [x for x in file.problems if x.severity == "refused"]
    assert (len(file.records) == 1) is (refusals == [])
    assert all(x.place and x.because.nl and x.because.en for x in file.problems)


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.integers(0, len(INVOICE)), st.integers(0, 60), st.binary(max_size=12)),
        min_size=1,
        max_size=5,
    )
)
def test_changed_bytes_never_raise(changes: list[tuple[int, int, bytes]]) -> None:
    content = INVOICE
    for at, length, put in changes:
        content = content[:at] + put + content[at + length :]
    check(content)


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_never_raise(content: bytes) -> None:
    check(content)


@settings(max_examples=300)
@given(st.sampled_from(["number", "issued_on", "due_on", "currency", "type_code", "payable",
                        "inclusive", "prepaid", "tax", "net", "customization"]), TEXTS)  # fmt: skip
def test_any_text_in_a_field_never_raises(field: str, text: str) -> None:
    check(make_ubl(**{field: text}))


@settings(max_examples=200)
@given(st.sampled_from(["0106", "0190", "9944", "EM", ""]), TEXTS)
def test_any_identifier_never_raises(scheme: str, text: str) -> None:
    attribute = f'schemeID="{scheme}"'
    party = (
        f"<cac:Party>{make_tag('cbc:EndpointID', text, attribute)}"
        "<cac:PartyLegalEntity><cbc:RegistrationName>A</cbc:RegistrationName>"
        f"{make_tag('cbc:CompanyID', text, attribute)}</cac:PartyLegalEntity></cac:Party>"
    )
    tax = make_tag("cac:PartyTaxScheme", make_tag("cbc:CompanyID", text))
    check(
        make_ubl(customer=party.replace("<cac:PartyLegalEntity>", tax + "<cac:PartyLegalEntity>"))
    )


@settings(max_examples=200)
@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.sampled_from(["380", "381"]))
def test_open_is_total_less_what_was_prepaid(total: int, prepaid: int, code: str) -> None:
    shown = [f"{x / 100:.2f}" for x in (total, prepaid, total - prepaid)]
    file = ubl.parse(
        make_ubl(type_code=code, inclusive=shown[0], prepaid=shown[1], payable=shown[2]),
        name="x.xml",
    )
    record = file.records[0]
    sign = -1 if code == "381" and (total or -prepaid) > 0 else 1
    assert (record.total_cents, record.open_cents) == (sign * total, sign * (total - prepaid))
    assert record.kind == ("credit_note" if code == "381" or record.total_cents < 0
                           or (record.total_cents == 0 and record.open_cents < 0)
                           else "invoice")  # fmt: skip
