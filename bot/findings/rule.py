"""What a rule is: what it looks at, what it says of it, and the words of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator  # noqa: TC003 - fields of a dataclass
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bot.findings.subjects import Container, Image, Pod

if TYPE_CHECKING:
    from bot.findings.finding import Edit
    from bot.findings.known import Known
    from bot.findings.subjects import ManifestFile
    from bot.findings.surroundings import Surroundings
    from bot.findings.view import View
    from bot.policies.findings import OptionValue, RuleSettings


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule is asked with: the file, its options, what is known, and what the whole repository says."""

    file: ManifestFile
    settings: RuleSettings
    known: Known
    surroundings: Surroundings

    def option(self, name: str) -> OptionValue:
        """Give the value of one of the rule's options."""
        return self.settings.option(name)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says of a subject.

    `lines` are those of the value, from 1. `field` is the way of what is wrong, or of what is missing. `message` and
    `mend` are sentences in plain text; names from the file stand between backticks. `fix` mends it. `about` are the
    things that are wrong: a change that brings another one there makes something worse, although it stood before.
    """

    lines: tuple[int, int]
    field: str
    message: str
    mend: str = ""
    fix: Edit | None = None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What docs/rules.md says of a rule beside the table: Markdown, whole sentences.

    `why` it matters, `mend` what to do, `silent` when it says nothing although one might expect it, `sources` where the
    rule comes from. `bad` and `good` are manifests (YAML): the rule finds something in the first and nothing in the
    second, which a test holds.
    """

    why: str
    mend: str
    silent: tuple[str, ...]
    sources: tuple[str, ...]
    bad: str
    good: str


Subject: TypeAlias = Image | Container | Pod


@dataclass(frozen=True, slots=True)
class ImageRule:
    """A rule about every image of a file."""

    id: str
    look: Callable[[Image, Asked], Iterator[Found]]
    page: Page


@dataclass(frozen=True, slots=True)
class ContainerRule:
    """A rule about every container of a pod."""

    id: str
    look: Callable[[Container, Pod, Asked], Iterator[Found]]
    page: Page


@dataclass(frozen=True, slots=True)
class PodRule:
    """A rule about every pod spec, and the object that it stands in."""

    id: str
    look: Callable[[Pod, Asked], Iterator[Found]]
    page: Page


AnyRule: TypeAlias = ImageRule | ContainerRule | PodRule


def lines_of(view: View, *instead: View) -> tuple[int, int]:
    """Give the lines of a value; where nothing stands, those of the first that is there of some others."""
    for each in (view, *instead):
        if each.is_there:
            return each.line, each.end_line
    return 1, 1
