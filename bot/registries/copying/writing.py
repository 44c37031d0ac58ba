"""Writes to the target: what a registry answers to a write that it does not take, as a typed error."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from yarl import URL

from bot.registries.copying.nodes import Node
from bot.registries.documents import DIGEST
from bot.registries.endpoints import same_origin
from bot.registries.errors import (
    InvalidAnswer,
    PushRefused,
    RegistryFull,
    RegistryRefused,
    RepositoryMissing,
    TagRefused,
    TokenRefused,
    UntrustedUpload,
)
from bot.registries.manifests import read_digest
from bot.registries.repository import LONGEST_WRITE_SECONDS, Repository, error_code
from bot.registries.transport import REDIRECTS, Answer, Body

# How the messages of Harbor ("will exceed the configured upper limit") and Quay ("Quota has been exceeded") begin to
# say it; both come with the code DENIED and 403.
FULL = ("quota", "exceed the configured upper limit")
LONGEST_LOCATION = 16_384
# As error_code writes them: OCI distribution specification 1.1, "Error Codes", and Docker's for tags.
UNKNOWN_NAME, INVALID_TAG = " (NAME_UNKNOWN)", " (TAG_INVALID)"


async def write(
    target: Repository,
    method: str,
    url: URL,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | Body | None = None,
    seconds: float = LONGEST_WRITE_SECONDS,
) -> Answer:
    """Send a write, and return an answer that is neither a refusal, nor a redirect, nor that there is no room.

    url: of the target's own origin, else UntrustedUpload and nothing is sent. Raises PushRefused, RegistryFull,
    UntrustedUpload, TokenRefused where the token was to be for the source, too, and all that Repository.write raises.
    """
    _expect_own(target, url)
    try:
        answer = await target.write(method, url, headers=headers, body=body, seconds=seconds)
    except PushRefused:
        raise
    except RegistryRefused as error:
        # Where more was asked for than to push, it may be that more which is refused.
        if isinstance(error, TokenRefused) and is_joint(target):
            raise
        raise _refused(target) from None
    if answer.status in REDIRECTS:
        raise UntrustedUpload(target.host, f"redirects a write to {target.name}, which is not followed")
    if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        sentence = f"has no room for what is written to {target.name}, or takes no body of this size (413)"
        raise RegistryFull(target.host, sentence)
    if answer.status == HTTPStatus.INSUFFICIENT_STORAGE or _is_full(answer):
        raise RegistryFull(target.host, f"has no room for what is written to {target.name} ({answer.status})")
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise _refused(target, error_code(answer))
    return answer


def push_scope(target: Repository) -> str:
    """Return what a token is asked for that writes to a repository (Docker's token specification, "scope")."""
    return f"repository:{target.name}:pull,push"


def is_joint(target: Repository) -> bool:
    """Whether the target's tokens are asked for another repository, too."""
    return " " in target.scope


def location(target: Repository, answer: Answer) -> URL | None:
    """Return where an upload goes on, None where the answer does not say; raises UntrustedUpload.

    The place is the registry's word, and the credential goes there: it has to be the registry itself.
    """
    told = answer.headers.get("Location", "")
    if not told:
        return None
    try:
        # encoded=True: the state of the upload in its query must go back byte for byte.
        url = answer.url.join(URL(told[:LONGEST_LOCATION], encoded=True)).with_fragment(None)
    except ValueError:
        raise InvalidAnswer(target.host, f"names a place for an upload to {target.name} that is no address") from None
    _expect_own(target, url)
    return url


def _expect_own(target: Repository, url: URL) -> None:
    """Hold an address to the registry's own origin, without a user in it: a credential goes there."""
    if not same_origin(url, target.endpoint.origin) or url.user is not None or url.password is not None:
        raise UntrustedUpload(target.host, f"sends an upload to {target.name} to another server, which is not followed")


async def put_manifest(target: Repository, node: Node, reference: str) -> Answer:
    """Write a manifest's exact bytes under its digest or a tag.

    Raises TagRefused, RepositoryMissing, InvalidAnswer and all that write() raises.
    """
    headers = {"Content-Type": node.content_type}
    url = target.address(f"manifests/{reference}")
    answer = await write(target, "PUT", url, headers=headers, body=node.content)
    if answer.status not in {HTTPStatus.CREATED, HTTPStatus.OK, HTTPStatus.ACCEPTED}:
        code = error_code(answer)
        if code == UNKNOWN_NAME:
            raise RepositoryMissing(target.host, target.name)
        # Amazon ECR answers 400, Harbor 412, others 409 where a tag may not be set again.
        is_rule = answer.status in {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED} or code == INVALID_TAG
        if is_rule and not DIGEST.fullmatch(reference):
            raise TagRefused(target.host, target.name, reference, f"({answer.status}){code}")
        sentence = f"did not take the manifest {node.digest} for {target.name} ({answer.status}){code}"
        raise InvalidAnswer(target.host, sentence)
    return answer


async def put_missing(target: Repository, node: Node) -> bool:
    """Write a manifest by its digest where the target has it not, and say whether it was written."""
    if await read_digest(target, node.digest) == node.digest:
        return False
    await put_manifest(target, node, node.digest)
    return True


def _refused(target: Repository, code: str = "") -> PushRefused:
    return PushRefused(target.host, f"does not let the credential push to {target.name}: it has no right to{code}")


def _is_full(answer: Answer) -> bool:
    if answer.status < HTTPStatus.BAD_REQUEST:
        return False
    try:
        entry = json.loads(answer.body)["errors"][0]
        told = f"{entry.get('code', '')} {entry.get('message', '')}".lower()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return any(words in told for words in FULL)
