"""Where Harbor's API keeps what belongs to a repository."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yarl import URL

    from bot.registries.repository import Repository


def artifacts_address(repository: "Repository", below: str = "") -> "URL | None":
    """Return the address of a repository's artifacts, or of what is below them; None for a name without a project.

    Path of goharbor/harbor, api/v2.0/swagger.yaml. below: percent-encoded, begins with a slash.
    """
    project, slash, name = repository.name.partition("/")
    if not slash:
        return None
    # Its proxy decodes the path once before the API does.
    path = f"/api/v2.0/projects/{project}/repositories/{name.replace('/', '%252F')}/artifacts{below}"
    return repository.endpoint.origin.with_path(path, encoded=True)
