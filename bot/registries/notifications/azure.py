"""What an Azure Container Registry sends when something happened in it."""

from bot.registries.notifications.reading import Payload, text_at, wanted_text


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read an Azure webhook; `delete`, `quarantine`, `chart_push`, `chart_delete` and `ping` tell of no new image.

    https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference
    """
    if wanted_text(payload, "action") != "push":
        return ()
    return (f"{text_at(payload, 'request', 'host') or host}/{wanted_text(payload, 'target', 'repository')}",)
