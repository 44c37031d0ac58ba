"""The rules in words: a table of all of them, and a section for each, as docs/rules.md shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.rules import RULES
from bot.policies.rules import RULES as TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.rule import Page
    from bot.policies.rules import Option, Rule, Severity

_ENVIRONMENTS: Final = ("production", "dev")
_HEAD: Final = ("Rule", "Finds", "Default", *(f"`{name}`" for name in _ENVIRONMENTS), "Options")


def rules_in_words() -> str:
    """Write all rules in Markdown: a table in the order of the policy file's, then a section for each."""
    rows = [_row(*_HEAD), _row(*("---" for _ in _HEAD)), *(_table_row(rule) for rule in TABLE)]
    return "\n\n".join(("\n".join(rows), *(rule_in_words(rule) for rule in TABLE)))


def rule_in_words(rule: Rule) -> str:
    """Write the section of one rule: its heading is its id, so that links to it last."""
    parts = [f"### {rule.id}", rule.finds, _severities(rule)]
    if rule.options:
        options = (_row(f"`{each.name}`", _default(each), _sentence(each.meaning)) for each in rule.options)
        parts.append("\n".join((_row("Option", "Default", "Meaning"), _row("---", "---", "---"), *options)))
    if rule.id in RULES:
        parts += _words_of(RULES[rule.id].page)
    return "\n\n".join(parts)


def _words_of(page: Page) -> Iterator[str]:
    yield f"**Why it matters.** {page.why}"
    yield f"**What to do.** {page.mend}"
    yield f"**When it says nothing:**\n\n{_listed(page.silent)}"
    yield f"It finds something here:\n\n```yaml\n{page.bad.rstrip()}\n```"
    yield f"And nothing here:\n\n```yaml\n{page.good.rstrip()}\n```"
    yield f"**Where the rule comes from:**\n\n{_listed(page.sources)}"


def _table_row(rule: Rule) -> str:
    severities = dict(rule.by_environment)
    in_each = (_severity(severities.get(name, rule.severity)) for name in _ENVIRONMENTS)
    default = _severity(rule.severity) + (f" once it has `{rule.needs}`" if rule.needs is not None else "")
    options = ", ".join(f"`{each.name}`" for each in rule.options)
    return _row(f"[`{rule.id}`](#{rule.id})", rule.finds, default, *in_each, options)


def _severities(rule: Rule) -> str:
    """Say in a sentence how much its findings matter."""
    others = [f"{_severity(each)} in `{name}`" for name, each in rule.by_environment if each != rule.severity]
    said = ", ".join([_severity(rule.severity), *others])
    return f"Severity: off until `{rule.needs}` names something, then {said}." if rule.needs else f"Severity: {said}."


def _severity(severity: Severity | None) -> str:
    return "off" if severity is None else severity.word


def _default(option: Option) -> str:
    default = option.default
    if isinstance(default, tuple):
        return ", ".join(f"`{each}`" for each in default) or "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _sentence(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}."


def _listed(sentences: tuple[str, ...]) -> str:
    return "\n".join(f"- {each}" for each in sentences)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
