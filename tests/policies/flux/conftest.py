"""Builders for Flux's objects: a test writes only the fields it is about."""

from typing import Any

import pytest
import yaml

from bot.policies import ImagePolicy, PolicyFile, PolicyFileError, Problem
from bot.policies.flux import load_flux

IMAGE_GROUP = "image.toolkit.fluxcd.io"
SOURCE_GROUP = "source.toolkit.fluxcd.io"


class Flux:
    """Writes objects as the text of a manifest, and loads them. Everything is named app, in the namespace apps."""

    def repository(self, name: str = "app", namespace: str = "apps", version: str = "v1", **spec: Any) -> str:
        written = {"image": "ghcr.io/o/app", "interval": "1m", **spec}
        return self._manifest(
            f"{IMAGE_GROUP}/{version}", "ImageRepository", {"name": name, "namespace": namespace}, written
        )

    def policy(
        self, name: str = "app", namespace: str = "apps", version: str = "v1", labels: Any = None, **spec: Any
    ) -> str:
        written = {"imageRepositoryRef": {"name": "app"}, "policy": {"semver": {"range": "1.x"}}, **spec}
        metadata = {"name": name, "namespace": namespace} | ({"labels": labels} if labels is not None else {})
        return self._manifest(f"{IMAGE_GROUP}/{version}", "ImagePolicy", metadata, written)

    def automation(self, name: str = "all", namespace: str = "apps", version: str = "v1", **spec: Any) -> str:
        """An automation that is suspended and pushes to main, unless told otherwise."""
        git = {"checkout": {"ref": {"branch": "main"}}}
        written = {"suspend": True, "sourceRef": {"kind": "GitRepository", "name": "source"}, "git": git, **spec}
        metadata = {"name": name, "namespace": namespace}
        return self._manifest(f"{IMAGE_GROUP}/{version}", "ImageUpdateAutomation", metadata, written)

    def source(self, name: str = "source", namespace: str = "apps", version: str = "v1", **spec: Any) -> str:
        return self._manifest(
            f"{SOURCE_GROUP}/{version}", "GitRepository", {"name": name, "namespace": namespace}, spec
        )

    def load(self, *manifests: str) -> PolicyFile:
        """Load objects that stand in one file."""
        return self.load_beside({}, *manifests)

    def load_beside(self, files: dict[str, bytes], *manifests: str) -> PolicyFile:
        """Load objects that stand in one file, beside other files."""
        return load_flux({"flux.yaml": "---\n".join(manifests).encode(), **files})

    def one(self, *manifests: str) -> ImagePolicy:
        """Load the one policy; what is not among `manifests`, an ImageRepository and an ImagePolicy, is added."""
        written = "---\n".join(manifests)
        added = [
            text
            for kind, text in (("ImageRepository", self.repository()), ("ImagePolicy", self.policy()))
            if f"kind: {kind}\n" not in written
        ]
        (policy,) = self.load(*added, *manifests).images
        return policy

    def problems(self, *manifests: str) -> tuple[Problem, ...]:
        """Give what is told of objects that are loaded."""
        return self.load(*manifests).problems

    def refusal(self, *manifests: str) -> Problem:
        """Give the one problem for which objects are refused."""
        with pytest.raises(PolicyFileError) as caught:
            self.load(*manifests)
        (problem,) = caught.value.problems
        return problem

    def _manifest(self, version: str, kind: str, metadata: Any, spec: Any) -> str:
        document = {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
        return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


@pytest.fixture(scope="session")
def flux() -> Flux:
    return Flux()
