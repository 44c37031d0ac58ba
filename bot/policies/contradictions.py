"""Keys of a policy that cannot hold together, found in what was written, whether or not the rest of it is sound.

Only what the policy itself writes contradicts: `defaults` serve many policies, and a key there that means nothing to
one of them is no mistake. A `pin` contradicts nothing, not even `strategy: digest`: it is laid over what the rest of
the policy says for as long as it stands, and taken away again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import re2

from bot.images import quoted
from bot.policies.image_values import is_name
from bot.policies.problems import problem_at, shown_key
from bot.policies.tree import ListNode, MappingNode, Node, Scalar
from bot.selection import InvalidPattern, Strategy, patterns
from bot.selection.templates import Group, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.policies.problems import Problem

_VERSIONS: Final = (Strategy.SEMVER,)
_ONLY_FOR: Final[Mapping[str, tuple[Strategy, ...]]] = {
    "range": _VERSIONS,
    "variant": _VERSIONS,
    "versioning": _VERSIONS,
    "clock": (Strategy.NEWEST_BUILD,),
    "track": (Strategy.DIGEST,),
    "order": (Strategy.ALPHABETICAL, Strategy.NUMERICAL),
}
_DEFAULTS: Final = {"variant": "keep", "versioning": "semver", "clock": "push", "order": "asc"}
_STRATEGIES: Final = {strategy.value: strategy for strategy in Strategy}


def contradictions(root: MappingNode, organisation: MappingNode | None = None) -> Iterator[Problem]:
    """Find contradictions in each policy of a file and in its defaults; the organisation's hold where they do not."""
    defaults = (_value(root, "defaults"), _value(organisation, "defaults"))
    yield from _in_filter(defaults[0])
    yield from _in_names_of_groups(_value(root, "groups"))
    images = _value(root, "images")
    for item in images.items if isinstance(images, ListNode) else ():
        yield from _in_strategy(item, defaults)
        yield from _in_filter(item)
        yield from _in_group(item, defaults)


def _in_strategy(policy: Node, defaults: Sequence[Node | None]) -> Iterator[Problem]:
    """Find keys that the policy's strategy does not know; of a strategy that does not exist nothing is said.

    A key that says what holds anyway says nothing wrong.
    """
    written = _first_value("strategy", policy, *defaults)
    text = Strategy.SEMVER.value if written is None else _text(written)
    strategy = _STRATEGIES.get(text or "")
    if strategy is None or not isinstance(policy, MappingNode):
        return
    for key, strategies in _ONLY_FOR.items():
        entry = policy.entries.get(key)
        if entry is not None and strategy not in strategies and _text(entry.value) != _DEFAULTS.get(key, ""):
            allowed = " or ".join(f"`strategy: {each.value}`" for each in strategies)
            message = f"`{key}` is for {allowed}, and this policy has `strategy: {text}`; leave one of them out"
            yield problem_at(entry.place, key, message)


def _in_filter(section: Node | None) -> Iterator[Problem]:
    """Find groups that the template of a filter names and its pattern does not have."""
    filter_ = _value(section, "filter")
    pattern, extract = _text(_value(filter_, "pattern")), _value(filter_, "extract")
    template = _text(extract)
    if extract is None or pattern is None or template is None:
        return
    try:
        known = _groups_of(pattern)
    except InvalidPattern:
        return
    unknown = [group.name for group in parse(template) if isinstance(group, Group) and group.name not in known]
    if unknown:
        has = f"has {', '.join(f'${quoted(name)[1:-1]}' for name in known[1:])}" if known[1:] else "has no groups"
        message = f"`extract` names the group {quoted('$' + unknown[0])}, and `pattern` {has}"
        yield problem_at(extract.place, "extract", message)


def _groups_of(pattern: str) -> list[str]:
    """Give what the groups of a pattern are called in a template: numbers from 0, the whole, and names."""
    patterns.check(pattern)
    options = re2.Options()
    options.log_errors = False
    compiled = re2.compile(pattern, options)
    names = sorted(compiled.groupindex, key=compiled.groupindex.__getitem__)
    return [*(str(number) for number in range(compiled.groups + 1)), *names]


def _in_group(policy: Node, defaults: Sequence[Node | None]) -> Iterator[Problem]:
    """Find a policy that has settings of its own for a pull request that it shares."""
    group = _text(_first_value("group", policy, *defaults))
    if group is None or not isinstance(policy, MappingNode) or "pull-request" not in policy.entries:
        return
    message = f"`pull-request` is for policies without a group; write these keys under `groups`, {shown_key(group)}"
    yield problem_at(policy.entries["pull-request"].place, "pull-request", message)


def _in_names_of_groups(groups: Node | None) -> Iterator[Problem]:
    for name, entry in groups.entries.items() if isinstance(groups, MappingNode) else ():
        if not is_name(name):
            said = f"the name of a group is written in letters, digits, `.`, `_`, `-`, not {quoted(name)}"
            yield problem_at(entry.place, name, said)


def _first_value(key: str, *nodes: Node | None) -> Node | None:
    return next((value for node in nodes if (value := _value(node, key)) is not None), None)


def _value(node: Node | None, key: str) -> Node | None:
    entry = node.entries.get(key) if isinstance(node, MappingNode) else None
    return None if entry is None else entry.value


def _text(node: Node | None) -> str | None:
    return node.text if isinstance(node, Scalar) and not node.is_empty else None
