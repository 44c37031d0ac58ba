"""A timestamp authority (RFC 3161): it signs that it saw a signature at a moment; in DER, written by hand."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tests.signatures.certificates import CertificateAuthority, new_key, sign

SHA256 = "2.16.840.1.101.3.4.2.1"
ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"
SIGNED_DATA = "1.2.840.113549.1.7.2"
TIMESTAMP_INFO = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
POLICY = "1.3.6.1.4.1.57264.2"


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts: bytes) -> bytes:
    return der(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    return der(0x31, *sorted(parts))


def integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(data: bytes) -> bytes:
    return der(0x04, data)


def identifier(dotted: str) -> bytes:
    first, second, *others = (int(number) for number in dotted.split("."))
    return der(0x06, *(_base128(number) for number in (first * 40 + second, *others)))


def _base128(number: int) -> bytes:
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.insert(0, number & 0x7F | 0x80)
    return bytes(digits)


@dataclass
class Clock:
    """A timestamp authority whose certificate comes from `authority`."""

    authority: CertificateAuthority
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    certificate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        self.certificate = self.authority.certify_clock(self.key)

    def stamp(self, message: bytes, at: datetime) -> bytes:
        """Give a TimeStampResp (DER) that says `message` was there at `at`."""
        info = self._info(message, at)
        content = sequence(identifier(TIMESTAMP_INFO), der(0xA0, octets(info)))
        signed = sequence(
            integer(3),
            set_of(sequence(identifier(SHA256))),
            content,
            der(0xA0, self._certificate_bytes),
            set_of(self._signer(info)),
        )
        return sequence(sequence(integer(0)), sequence(identifier(SIGNED_DATA), der(0xA0, signed)))

    @property
    def _certificate_bytes(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def _info(self, message: bytes, at: datetime) -> bytes:
        imprint = sequence(sequence(identifier(SHA256)), octets(sha256(message).digest()))
        moment = der(0x18, at.strftime("%Y%m%d%H%M%SZ").encode())
        return sequence(integer(1), identifier(POLICY), imprint, integer(4711), moment)

    def _signer(self, info: bytes) -> bytes:
        certificate = sequence(sequence(sequence(octets(sha256(self._certificate_bytes).digest()))))
        attributes = sorted(
            sequence(identifier(kind), set_of(value))
            for kind, value in (
                (CONTENT_TYPE, identifier(TIMESTAMP_INFO)),
                (MESSAGE_DIGEST, octets(sha256(info).digest())),
                (SIGNING_CERTIFICATE, certificate),
            )
        )
        name = self.certificate.issuer.public_bytes()
        return sequence(
            integer(1),
            sequence(name, integer(self.certificate.serial_number)),
            sequence(identifier(SHA256)),
            der(0xA0, *attributes),
            sequence(identifier(ECDSA_WITH_SHA256)),
            octets(sign(self.key, set_of(*attributes))),
        )
