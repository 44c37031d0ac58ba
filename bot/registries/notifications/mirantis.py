"""What Mirantis Secure Registry 2 and 3 send when something happened in a repository."""

from bot.registries.notifications.reading import Payload, text_at, wanted_text

_ADDING = {"TAG_PUSH", "MANIFEST_PUSH"}


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read a webhook of MSR; only a push of a tag or a manifest tells of a new image.

    https://docs.mirantis.com/msr/2.9/ops/manage-webhooks/manage-webhooks-api/manage-content-structure-api.html
    """
    if wanted_text(payload, "type") not in _ADDING:
        return ()
    return (_name(payload, host),)


def scans(payload: Payload, host: str) -> tuple[tuple[str, str], ...]:
    """Read a webhook of MSR that tells of a scan that is done. It names the tag that was scanned, but no digest.

    Documented where `images` says, "Security scan completed".
    """
    return ((_name(payload, host), ""),) if wanted_text(payload, "type") == "SCAN_COMPLETED" else ()


def _name(payload: Payload, host: str) -> str:
    return text_at(payload, "contents", "imageName") or f"{host}/{_within(payload)}"


def _within(payload: Payload) -> str:
    return f"{wanted_text(payload, 'contents', 'namespace')}/{wanted_text(payload, 'contents', 'repository')}"
