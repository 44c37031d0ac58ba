"""What Docker Hub sends when a tag was pushed."""

from bot.registries.notifications.reading import Payload, wanted_text


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read a Docker Hub webhook, which tells of nothing but pushes; `callback_url` and `repo_url` are never used.

    https://docs.docker.com/docker-hub/repos/manage/webhooks/
    """
    return (f"{host}/{wanted_text(payload, 'repository', 'repo_name')}",)
