"""Images in GitHub Actions: the containers that jobs, their services and their steps run in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.manifests.fields import fields, followed, text_of
from bot.manifests.layouts.layout import Layout
from bot.manifests.layouts.placing import doubled_among, found_along, is_empty, is_template, whole
from bot.manifests.layouts.walking import Steps
from bot.manifests.places import Owner
from bot.manifests.tree import Mapping
from bot.manifests.ways import below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.layouts.layout import Document
    from bot.manifests.places import Finding
    from bot.manifests.tree import Node

_WORKFLOW: Final = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
_ACTION: Final = frozenset({"action.yml", "action.yaml"})
_SCHEME: Final = "docker://"


def _is_workflow(document: Document) -> bool:
    return not document.owner.kind and _WORKFLOW.fullmatch(document.path) is not None


def _is_action(document: Document) -> bool:
    keys = document.values.keys() | fields(document.root).twice.keys()
    return not document.owner.kind and document.path.rpartition("/")[2] in _ACTION and "runs" in keys


def _containers(node: Node, _owner: Owner, way: str) -> Iterator[Finding]:
    """Find the images of the containers of jobs, and of their services; `node` is the mapping of the jobs."""
    entered: set[int] = set()
    for name, each, field in _values(node, way, entered):
        job = followed(each)
        if isinstance(job, Mapping) and id(job) not in entered:
            entered.add(id(job))
            yield from doubled_among(job, ("container", "services"))
            values = fields(job).values
            yield from _container(values.get("container"), name, below(field, "container"))
            yield from _services(values.get("services"), below(field, "services"), entered)


def _services(node: Node | None, way: str, entered: set[int]) -> Iterator[Finding]:
    services = followed(node)
    if isinstance(services, Mapping):
        yield from doubled_among(services, fields(services).twice)
        for name, container, field in _values(services, way, entered):
            yield from _container(container, name, field)


def _values(node: Node | None, way: str, entered: set[int]) -> Iterator[tuple[str, Node, str]]:
    """Give key, value and way of what a mapping holds, unless it was entered before."""
    mapping = followed(node)
    if isinstance(mapping, Mapping) and id(mapping) not in entered:
        entered.add(id(mapping))
        for key, value in fields(mapping).values.items():
            yield key, value, below(way, key)


def _container(node: Node | None, name: str, way: str) -> Iterator[Finding]:
    """Find the image of a container, which is a text or the `image` of a mapping; an empty one asks for none.

    The runner takes `docker://` off the image. github.com/actions/runner, workflow-v1.0.json, `container`.
    """
    container = followed(node)
    if isinstance(container, Mapping) and not is_template(container):
        yield from doubled_among(container, ("image",))
        node, way = fields(container).values.get("image"), below(way, "image")
    if node is not None and not is_empty(node):
        start = len(_SCHEME) if text_of(node).startswith(_SCHEME) else 0
        yield whole(node, Owner(), way, container=name, start=start)


def _step(node: Node, _owner: Owner, way: str) -> Iterator[Finding]:
    """Find the image that a step uses instead of an action."""
    step = followed(node)
    if isinstance(step, Mapping):
        yield from doubled_among(step, ("uses",))
        values = fields(step).values
        name = text_of(values.get("name")) or text_of(values.get("id"))
        yield from _docker_image(values.get("uses"), name, below(way, "uses"))


def _action_image(node: Node, _owner: Owner, way: str) -> Iterator[Finding]:
    """Find the image of an action that runs in a container; without `docker://` it is the path of a Dockerfile."""
    yield from _docker_image(node, "", way)


def _docker_image(node: Node | None, name: str, way: str) -> Iterator[Finding]:
    if node is not None and text_of(node).startswith(_SCHEME):
        yield whole(node, Owner(), way, container=name, start=len(_SCHEME))


_WORKFLOW_RULES: Final = (
    (Steps.along("jobs"), _containers),
    (Steps.along("jobs.*.steps[]"), _step),
)
_ACTION_RULES: Final = (
    (Steps.along("runs.image"), _action_image),
    (Steps.along("runs.steps[]"), _step),
)


def _find_in_workflow(document: Document) -> Iterator[Finding]:
    return found_along(document, _WORKFLOW_RULES)


def _find_in_action(document: Document) -> Iterator[Finding]:
    return found_along(document, _ACTION_RULES)


_WORKFLOW_EXAMPLE: Final = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    container: ghcr.io/acme/app:1.9.0
    steps:
      - run: make test
"""

_ACTION_EXAMPLE: Final = """\
name: lint
description: Look for mistakes
runs:
  using: docker
  image: docker://ghcr.io/acme/app:1.9.0
"""

LAYOUTS: Final[tuple[Layout, ...]] = (
    Layout(
        title="GitHub Actions workflow",
        where=(
            "files in `.github/workflows`; edited only where a policy says `workflows: true`",
            "`jobs.*.container` and `jobs.*.services.*`, as a text or as `image` of a mapping",
            "`jobs.*.steps[].uses` that begins with `docker://`",
            "a value with an expression (`${{ matrix.image }}`) is reported and not edited",
        ),
        example=_WORKFLOW_EXAMPLE,
        fits=_is_workflow,
        find=_find_in_workflow,
    ),
    Layout(
        title="GitHub Actions action",
        where=(
            "`action.yml` and `action.yaml`",
            "`runs.image` and `runs.steps[].uses` that begin with `docker://`",
        ),
        example=_ACTION_EXAMPLE,
        fits=_is_action,
        find=_find_in_action,
    ),
)
