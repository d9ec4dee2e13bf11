"""Certificates of a mail server: one that is right, and those that nobody should believe."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_LIFE = timedelta(days=30)


def make_certificate(folder: Path, *, host: str = "127.0.0.1", over: bool = False) -> Path:
    """A file with a key and its certificate, signed by itself; beside it the certificate alone,
    as `.crt`. `over`: it was good until yesterday.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mailserver")])
    # TLS asks the clock of the machine, and no clock of ours.
    ends_at = datetime.now(UTC) + (-timedelta(days=1) if over else _LIFE)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends_at - 2 * _LIFE)
        .not_valid_after(ends_at)
        .add_extension(x509.SubjectAlternativeName([_call(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "mailserver.pem"
    path.write_bytes(secret + certificate)
    path.with_suffix(".crt").write_bytes(certificate)
    return path


def _call(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
