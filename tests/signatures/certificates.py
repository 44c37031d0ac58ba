"""A certificate authority as Fulcio is one: short-lived certificates for names, each promised to a log of certificates.

Shapes: https://github.com/sigstore/fulcio/blob/main/docs/certificate-specification.md and RFC 6962, section 3.
"""

import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ISSUER_AS_BYTES = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
ISSUER = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
PROMISES = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def uri(text: str) -> x509.GeneralName:
    return x509.UniformResourceIdentifier(text)


def mail(text: str) -> x509.GeneralName:
    return x509.RFC822Name(text)


def username(text: str) -> x509.GeneralName:
    return x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.7"), utf8(text))


def utf8(text: str) -> bytes:
    """A UTF8String in DER, of fewer than 128 bytes."""
    data = text.encode()
    return bytes([0x0C, len(data)]) + data


@dataclass
class CertificateAuthority:
    """A root of its own making, and whom it certifies. `begin`: since when it stands; it stands ten years."""

    begin: datetime
    name: str = "Fulcio of the tests"
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    certificate_log_key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    certificate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        builder = self._begun(name, name, self.key, self.begin, self.begin + timedelta(days=3650))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        builder = builder.add_extension(_usage(signs=False), critical=True)
        self.certificate = builder.sign(self.key, hashes.SHA256())

    def certify(
        self,
        key: ec.EllipticCurvePrivateKey,
        names: list[x509.GeneralName],
        issuers: dict[x509.ObjectIdentifier, bytes],
        at: datetime,
        *,
        purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.CODE_SIGNING,
        promised: bool = True,
    ) -> x509.Certificate:
        """Certify a key for ten minutes from `at`, with the certificate log's promise in the certificate."""
        builder = self._begun(x509.Name([]), self.certificate.subject, key, at, at + timedelta(minutes=10))
        builder = builder.add_extension(_usage(signs=True), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=True)
        for identifier, value in issuers.items():
            builder = builder.add_extension(x509.UnrecognizedExtension(identifier, value), critical=False)
        if promised:
            promise = self._promise(builder.sign(self.key, hashes.SHA256()).tbs_certificate_bytes, at)
            builder = builder.add_extension(x509.UnrecognizedExtension(PROMISES, promise), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def certify_clock(self, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        """Certify a timestamp authority's key."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Clock of the tests")])
        builder = self._begun(name, self.certificate.subject, key, self.begin, self.begin + timedelta(days=3650))
        builder = builder.add_extension(_usage(signs=True), critical=True)
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        return builder.add_extension(purpose, critical=True).sign(self.key, hashes.SHA256())

    def _begun(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        begin: datetime,
        end: datetime,
    ) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), begin, end)
        subject_key = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return builder.add_extension(subject_key, critical=False).add_extension(authority_key, critical=False)

    def _promise(self, precertificate: bytes, at: datetime) -> bytes:
        """Write the list of one signed certificate timestamp, as an OCTET STRING."""
        milliseconds = int(at.timestamp() * 1000)
        length = len(precertificate).to_bytes(3, "big")
        issuer = sha256(public_bytes(self.key)).digest()
        signed = struct.pack("!BBQH", 0, 0, milliseconds, 1) + issuer + length + precertificate + b"\0\0"
        signature = sign(self.certificate_log_key, signed)
        log = sha256(public_bytes(self.certificate_log_key)).digest()
        promise = b"\0" + log + struct.pack("!QH", milliseconds, 0) + b"\4\3" + _sized(signature)
        listed = _sized(_sized(promise))
        return bytes([0x04, len(listed)]) + listed if len(listed) < 128 else bytes([0x04, 0x81, len(listed)]) + listed


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )
