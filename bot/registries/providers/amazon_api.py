"""One signed question to Amazon's API beside a registry, and what its answer or error code means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from yarl import URL

from bot.registries.access import Access
from bot.registries.endpoints import authority
from bot.registries.errors import ImageNotFound, InvalidAnswer, RegistryError, RegistryRefused, RegistryUnavailable
from bot.registries.providers.amazon_hosts import Place
from bot.registries.providers.amazon_signing import Keys, Question, sign
from bot.registries.providers.login_answers import code_in, read_fields, refuse_redirect
from bot.registries.transport import Answer, Transport

SERVER = "Amazon's API"
# "Common Error Types" in the API References of Amazon ECR and of IAM.
WITHOUT_RIGHT = frozenset({"AccessDenied", "AccessDeniedException", "NotAuthorized"})
WITHOUT_KEY = frozenset(
    {
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
TOO_FAST = frozenset({"RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"})
NOT_THERE = frozenset({"RepositoryNotFoundException", "ImageNotFoundException"})
NOT_SCANNED = frozenset({"ScanNotFoundException", "UnsupportedImageTypeException"})


@dataclass(frozen=True, slots=True)
class AmazonApi:
    """The API of one place, asked with one pair of keys. host: the registry. origin: where the API answers."""

    host: str
    access: Access
    place: Place
    origin: URL
    keys: Keys
    transport: Transport

    async def ask(self, action: str, fields: Mapping[str, Any], largest: int) -> Mapping[str, Any]:
        """Return the fields of the answer, at most `largest` bytes.

        Raises RegistryRefused for a key that is not taken or has not the right, RegistryUnavailable when it should
        be asked less often, ImageNotFound, InvalidAnswer for all else that is no answer, and all that Transport.call
        raises. Of Amazon's words only the code is told: its messages name keys and accounts.
        """
        question = Question(self.origin, action, json.dumps(fields).encode())
        signed = await sign(self.host, self.place, self.keys, question)
        answer = await self.transport.call(
            self.host,
            self.access,
            signed.url,
            allowed={authority(self.origin)},
            method="POST",
            headers=signed.headers,
            body=question.body,
            largest=largest,
            authorization=signed.authorization.get_secret_value(),
        )
        refuse_redirect(self.host, SERVER, answer)
        told = read_fields(answer)
        if answer.status == HTTPStatus.OK and told:
            return told
        raise self._failure(action, answer, told)

    def _failure(self, action: str, answer: Answer, told: Mapping[str, Any]) -> RegistryError:
        code, right = _code(answer, told), f"{self.place.service}:{action}"
        if code in WITHOUT_RIGHT:
            return RightMissing(self.host, f"does not let this key do {right} ({code}): give it that right")
        if code in WITHOUT_KEY or answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            told_code = code_in(code) or f" ({answer.status})"
            sentence = f"does not take this key{told_code}: is it active, its secret right, and this machine's clock?"
            return RegistryRefused(self.host, sentence)
        if code in TOO_FAST:
            return RegistryUnavailable(self.host, f"wants {right} to be asked less often ({code})")
        if code in NOT_THERE:
            return ImageNotFound(self.host, f"such repository or image in {SERVER}")
        if code in NOT_SCANNED:
            return ScanNotFound(self.host, "scan of this image")
        return InvalidAnswer(self.host, f"{SERVER} answered {right} with {answer.status}{code_in(code)}")


class RightMissing(RegistryRefused):
    """The key is good, but has not the right to ask this."""


class ScanNotFound(ImageNotFound):
    """The image is there, but nobody asked for a scan of it, or it cannot be scanned."""


def _code(answer: Answer, told: Mapping[str, Any]) -> str:
    """Return the error's code, alone: it may come as `com.amazon...#Code:address` ("AWS JSON 1.1 protocol", Smithy)."""
    name = told.get("__type") or answer.headers.get("X-Amzn-ErrorType")
    return name.rpartition("#")[2].partition(":")[0] if isinstance(name, str) else ""
