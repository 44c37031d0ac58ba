"""Images in Dockerfiles."""

from bot.manifests.dockerfiles.reading import read_dockerfile

__all__ = ["read_dockerfile"]
