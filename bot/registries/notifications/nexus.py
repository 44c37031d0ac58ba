"""What Sonatype Nexus sends when a component or an asset of a repository changed."""

import re

from bot.registries.notifications.reading import Payload, UnreadableNotification, text_at, wanted_text

_MANIFEST = re.compile(r"/?v2/(?P<name>.+)/manifests/[^/]+")
_ADDING = {"CREATED", "UPDATED"}


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read a webhook of Nexus: `rm:repository:component`, or the `rm:repository:asset` of a manifest.

    Nexus does not say under which address its repository is pulled from. It is the hook's host, with the repository's
    name in the path or, where the repository has a connector or a domain of its own, without.
    https://help.sonatype.com/en/example-headers-and-payloads.html,
    https://help.sonatype.com/en/docker-registry.html
    """
    action, repository = wanted_text(payload, "action"), wanted_text(payload, "repositoryName")
    if action not in _ADDING:
        return ()
    name = _pushed(payload)
    return () if name is None else (f"{host}/{name}", f"{host}/{repository}/{name}")


def _pushed(payload: Payload) -> str | None:
    """Return the image's name; None: what changed is no image."""
    if "component" in payload:
        is_image = wanted_text(payload, "component", "format") == "docker"
        return wanted_text(payload, "component", "name") if is_image else None
    if "asset" in payload:
        manifest = _MANIFEST.fullmatch(text_at(payload, "asset", "name") or "")
        return manifest["name"] if manifest and text_at(payload, "asset", "format") == "docker" else None
    raise UnreadableNotification("a repository webhook of Nexus has a component or an asset; this one has neither")
