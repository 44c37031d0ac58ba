"""What is to be found in manifests, and how much it matters: the section `findings`, checked and complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.policies.rules import RULES, OptionKind, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.images import ImageReference


@dataclass(frozen=True, slots=True)
class RegistryPrefix:
    """A registry, or a part of it: `host`, and the first segments of the repositories meant, "" for all of them."""

    host: str
    path: str = ""

    def covers(self, image: ImageReference) -> bool:
        """Whether an image lives there; hosts are compared whole, and repositories by their segments."""
        return self.holds(RegistryPrefix(image.host, image.repository))

    def holds(self, other: RegistryPrefix) -> bool:
        """Whether another prefix lies within this one."""
        return self.host == other.host and (not self.path or f"{other.path}/".startswith(f"{self.path}/"))

    def __str__(self) -> str:
        return f"{self.host}/{self.path}" if self.path else self.host


OptionValue = tuple[str, ...] | tuple[RegistryPrefix, ...] | bool | str


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """How one rule is applied.

    `severity` holds where `by_environment`, pairs of an environment's name and its severity, says nothing; None is
    off. `options` are pairs of a name and a value, each option of the rule once.
    """

    severity: Severity | None
    by_environment: tuple[tuple[str, Severity | None], ...] = ()
    options: tuple[tuple[str, OptionValue], ...] = ()

    def severity_in(self, environment: str | None) -> Severity | None:
        """Tell the severity in an environment, by its name, or where there is none; None where the rule is off."""
        for name, severity in self.by_environment:
            if name == environment:
                return severity
        return self.severity

    def option(self, name: str) -> OptionValue:
        """Give the value of an option that the rule has; raises KeyError for one that it has not."""
        return dict(self.options)[name]


@dataclass(frozen=True, slots=True)
class Waiver:
    """That the findings of one rule are put up with in some files.

    `paths` are globs as .gitignore reads them. `until` is the first day on which it no longer counts, None: it has no
    end. `line` is where it begins in the repository's own file, from 1; None: it comes from the organisation's.
    """

    rule: str
    paths: tuple[str, ...]
    reason: str
    until: date | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Environment:
    """A part of the repository, by globs of paths as .gitignore reads them; the first that matches a file counts."""

    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PullSecret:
    """The name of the Kubernetes Secret that manifests should name for images from a registry."""

    registry: RegistryPrefix
    name: str


def settings_of(rule: Rule) -> RuleSettings:
    """Give the settings that a rule has where no policy file says anything; a rule that needs an option is off."""
    options = tuple((option.name, _default_of(option.kind, option.default)) for option in rule.options)
    if rule.needs is not None:
        return RuleSettings(None, (), options)
    return RuleSettings(rule.severity, rule.by_environment, options)


def _default_of(kind: OptionKind, default: tuple[str, ...] | bool | str) -> OptionValue:
    if kind is OptionKind.REGISTRIES and isinstance(default, tuple):
        return tuple(RegistryPrefix(*text.split("/", 1)) for text in default)
    return default


DEFAULT_SETTINGS: Final = tuple((rule.id, settings_of(rule)) for rule in RULES)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is reported, and how loud.

    `fail_on` is the least severity that makes the check fail, None: none does. `comment_on` is the least that is said
    on the pull request's lines. `settings` holds every rule, by its id, once.
    """

    fail_on: Severity | None = None
    comment_on: Severity = Severity.MEDIUM
    settings: tuple[tuple[str, RuleSettings], ...] = DEFAULT_SETTINGS
    ignore: tuple[Waiver, ...] = ()

    @property
    def rules(self) -> Mapping[str, RuleSettings]:
        """Give the settings of every rule, by its id."""
        return dict(self.settings)
