"""The registries whose ways differ, as one closed set."""

from enum import StrEnum


class ProviderKind(StrEnum):
    """Whose registry it is. What a user writes after `--kind`, and what a stored credential keeps."""

    DOCKER_HUB = "docker-hub"
    GITHUB = "ghcr"
    AMAZON = "ecr"
    GOOGLE = "gar"
    AZURE = "acr"
    QUAY = "quay"
    HARBOR = "harbor"
    GITLAB = "gitlab"
    JFROG = "jfrog"
    ZOT = "zot"
    GENERIC = "generic"
