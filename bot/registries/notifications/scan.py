"""What a build's own scan sends: the report, as the scanner wrote it, about one image by its digest."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.images import ImageReference, InvalidImageReference
from bot.registries.notifications.reading import (
    Payload,
    UnreadableNotification,
    digest_or_none,
    without_tag,
)
from bot.registries.notifications.report_kinds import media_type_of


@dataclass(frozen=True, slots=True)
class PostedReport:
    """A scanner's report about one image.

    image: without tag and digest. digest: `sha256:` and 64 digits, what the report is about. content: the report alone,
    as JSON; what it says of vulnerabilities is not looked at here. media_type: what is known of its form, scanner and
    platform: the next report of the same media type takes its place.
    """

    image: ImageReference
    digest: str
    media_type: str
    content: bytes = field(repr=False)


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Name nothing, for nothing was pushed; raises UnreadableNotification where `scan_report` does."""
    scan_report(payload, host)
    return ()


def scan_report(payload: Payload, host: str) -> PostedReport:
    """Read `{"image": "HOST/REPOSITORY", "digest": "sha256:...", "report": {...}}`, or Trivy's or Grype's JSON alone.

    A report alone has to say of itself which image of `host`, the hook's, it is about; what the call says comes first,
    and what it leaves out is taken from the report. Nothing of it is believed yet. Takes up to a second for 32 MiB.
    Raises UnreadableNotification.
    """
    report = payload.get("report", payload)
    if not isinstance(report, dict):
        raise UnreadableNotification("the call should hold the scanner's report, an object, in `report`")
    called = payload if report is not payload else {}
    named, digest = _named(called)
    content = _as_json(report)
    if named is None or digest is None:
        told = _told_by_report(content, host)
        named, digest = named or told[0], digest or told[1]
    return PostedReport(_image(named), digest, media_type_of(report), content)


def _named(called: Payload) -> tuple[str | None, str | None]:
    """Return the image and the digest that the call names; None each where it names none."""
    name, digest = called.get("image"), called.get("digest")
    if name is not None and not isinstance(name, str):
        raise UnreadableNotification("the call should name one image, a text, in `image`")
    if digest is not None and digest_or_none(digest) is None:
        raise UnreadableNotification("the call should name a digest, `sha256:` and 64 digits, in `digest`")
    return name or None, digest or digest_or_none((name or "").partition("@")[2])


def _told_by_report(content: bytes, host: str) -> tuple[str, str]:
    from bot.promotion.documents import of_report  # noqa: PLC0415 - slow to load, and only this needs it

    told = of_report(content)
    if told is None or digest_or_none(told[1]) is None:
        raise UnreadableNotification(
            "the report does not say which one image in a registry it is about: post it as"
            f' {{"image": "{host}/REPOSITORY", "digest": "sha256:...", "report": ...}}'
        )
    return told


def _image(name: str) -> ImageReference:
    try:
        return ImageReference.parse(without_tag(name).lower())
    except InvalidImageReference as problem:
        raise UnreadableNotification(f"the report is about an image that cannot be: {problem.reason}") from None


def _as_json(report: dict[str, Any]) -> bytes:
    try:
        return json.dumps(report, separators=(",", ":")).encode()
    except (RecursionError, ValueError) as problem:
        raise UnreadableNotification(f"the report cannot be kept as JSON: {type(problem).__name__}") from None
