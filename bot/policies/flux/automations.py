"""ImageUpdateAutomation: which policies are written where, and how the change reaches its branch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.policies.flux.delivering import Branches, delivery_of
from bot.policies.flux.messages import translate
from bot.policies.flux.paths import read_paths
from bot.policies.flux.selectors import Selector, read_selector
from bot.policies.flux.templates import UnreadableTemplate

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from bot.policies.flux.objects import FluxObject
    from bot.policies.policy import PullRequestSettings

    Sources = Mapping[tuple[str, str], Sequence[FluxObject]]

_STRATEGY: Final = "Setters"
_SOURCE_KIND: Final = "GitRepository"
_ADDRESS = re.compile(r"[a-z]+://(?:[^/@]*@)?(.+)")


@dataclass(frozen=True, slots=True)
class Automation:
    """What an ImageUpdateAutomation says. `paths` are globs."""

    found: FluxObject
    selector: Selector
    paths: tuple[str, ...]
    settings: PullRequestSettings


def read_automation(found: FluxObject, sources: Sources, files: Container[str]) -> Automation:
    """Read an ImageUpdateAutomation; what is wrong with it goes to its report.

    `sources` are the GitRepository objects that stand in the files, `files` the paths of all manifests.
    """
    spec = found.spec
    source = _source(found, sources)
    update = spec.section("update")
    strategy = update.text("strategy") or _STRATEGY
    if strategy != _STRATEGY:
        update.refuse("strategy", f"is {_STRATEGY}, not {quoted(strategy)}")
    if not spec.flag("suspend"):
        _note_two_writers(found, source)
    settings = delivery_of(found, _branches(found, source), _message(found))
    return Automation(found, read_selector(spec), read_paths(update, files), settings)


def _source(found: FluxObject, sources: Sources) -> Sequence[FluxObject]:
    """Find the GitRepository that an automation names: none, one, or one for each cluster of the repository."""
    reference = found.spec.section("sourceRef")
    kind = reference.text("kind") or _SOURCE_KIND
    if kind != _SOURCE_KIND:
        reference.refuse("kind", f"is {_SOURCE_KIND}, not {quoted(kind)}")
    name = reference.text("name") or ""
    return sources.get((reference.text("namespace") or found.namespace, name), ())


def _branches(found: FluxObject, sources: Sequence[FluxObject]) -> Branches:
    git = found.spec.section("git")
    checkout = git.section("checkout").section("ref").text("branch") or None
    push = git.section("push").text("branch") or None
    if checkout is not None:
        return Branches(checkout, push)
    named = {source.spec.section("ref").text("branch") or None for source in sources}
    if len(named) > 1:
        found.spec.refuse("sourceRef", "names a GitRepository that stands in several files with different branches")
    return Branches(named.pop() if named else None, push)


def _message(found: FluxObject) -> str | None:
    commit = found.spec.section("git").section("commit")
    template = commit.text("messageTemplate") or ""
    values = commit.texts_by_key("messageTemplateValues")
    if not template.strip():
        return None
    try:
        return translate(template, found.namespace, found.name, values)
    except UnreadableTemplate as error:
        said = "is not followed, and the bot writes its own message, because this part of it cannot be said here"
        commit.note("messageTemplate", f"{said}: {quoted(error.part)}")
        return None


def _note_two_writers(found: FluxObject, sources: Sequence[FluxObject]) -> None:
    addresses = [match[1] for source in sources if (match := _ADDRESS.fullmatch(source.spec.written("url")))]
    where = f" to {quoted(addresses[0])}" if addresses else ""
    said = (
        f"is not true, so that Flux writes{where} too, and two writers race: set it to true, and run "
        f"`flux suspend image update {found.name} -n {found.namespace}`"
    )
    found.spec.note("suspend", said)
