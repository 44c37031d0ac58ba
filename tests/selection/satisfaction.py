"""Whether a tag satisfies a rule, said a second time in the plainest way, from what the documentation promises.

It judges the few shapes of tags that the laws make; None means that it is no opinion of this judge's.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from bot.images import Tag
from bot.selection import SelectionRule, Strategy, Variant, Version, Versioning

TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", re.ASCII)
PRE_RELEASE = re.compile(
    r"((alpha|beta|rc|pre|preview|dev|snapshot|canary|nightly|m)[.0-9]*|[0-9]+(\.[0-9]+)*)", re.ASCII | re.IGNORECASE
)
NUMBERS = {
    Versioning.SEMVER: r"(v?)(\d+)(?:\.(\d+))?(?:\.(\d+))?()",
    Versioning.BUILD: r"(v?)(\d+)(?:\.(\d+))?(?:\.(\d+))?()",
    Versioning.FOUR_PART: r"(v?)(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?",
    Versioning.CALVER: r"(v?)((?:19|[2-9]\d)\d\d|\d\d)\.(\d+)(?:\.(\d+))?(?:\.(\d+))?",
}


class Judged(NamedTuple):
    """A version as the judge reads it: its family, where it stands in the order, and what a range sees of it."""

    family: tuple[object, ...]
    order: tuple[object, ...]
    version: Version


def value_of(rule: SelectionRule, name: str) -> str | None:
    """Tell the text that is compared; None where the filter does not find the tag. `extract` is $1 or nothing."""
    if rule.filter is None:
        return name
    match = re.search(rule.filter.pattern.replace("$", r"\Z"), name, re.ASCII)
    if match is None:
        return None
    return match[1] if rule.filter.extract else name


def is_excluded(rule: SelectionRule, name: str) -> bool:
    """Whether a pattern of the rule's `exclude` is found in the tag."""
    return any(re.search(pattern.replace("$", r"\Z"), name, re.ASCII) for pattern in rule.exclude)


def judged(rule: SelectionRule, name: str) -> Judged | None:
    """Read a tag as a version; None: it is none."""
    value = value_of(rule, name)
    match = None if value is None else re.fullmatch(NUMBERS[rule.versioning] + r"([-_].*)?", value, re.ASCII)
    if match is None:
        return None
    v, *written, rest = match.groups()
    numbers = [int(number) for number in written if number]
    words = _words(rule, rest or "")
    if words is None or (rule.variant is Variant.ANY and value.count(".") < _fewest_dots(rule)):
        return None
    pre_release, counter, suffix = words
    try:
        version = Version.parse(".".join(map(str, numbers[:3])) + (f"-{pre_release}" if pre_release else ""))
    except ValueError:
        return None
    family = (v, len(numbers), len(str(numbers[0])) if rule.versioning is Versioning.CALVER else 0)
    shape, suffix_numbers = re.sub(r"\d+", "#", suffix), tuple(map(int, re.findall(r"\d+", suffix)))
    order = (version, numbers[3:], counter, suffix_numbers)
    return Judged((*family, shape) if rule.variant is Variant.KEEP else (), order, version)


def _fewest_dots(rule: SelectionRule) -> int:
    return 0 if rule.versioning is Versioning.CALVER else 2


def _words(rule: SelectionRule, rest: str) -> tuple[str, tuple[int, ...], str] | None:
    """Take what follows the numbers apart: pre-release, counter, suffix."""
    counter: tuple[int, ...] = ()
    if rule.versioning is Versioning.BUILD and "_" in rest:
        rest, _, build = rest.partition("_")
        if not re.fullmatch(r"(build\.)?\d+", build, re.ASCII):
            return None
        counter = tuple(map(int, re.findall(r"\d+", build)))
    if "_" in rest:
        return None
    parts = rest.split("-")[1:]
    if rule.versioning is Versioning.CALVER and parts and re.fullmatch(r"\d+", parts[0], re.ASCII):
        counter = (int(parts.pop(0)),)
    if rule.variant is Variant.ANY:
        return "-".join(parts), counter, ""
    count = 0
    while count < len(parts) and PRE_RELEASE.fullmatch(parts[count]):
        count += 1
    return "-".join(parts[:count]), counter, "-".join(parts[count:])


def accepts(rule: SelectionRule, name: str) -> bool:
    """Whether the rule accepts a tag by its name alone, nothing standing in the file."""
    value = value_of(rule, name)
    if value is None or is_excluded(rule, name) or not TAG.fullmatch(name):
        return False
    if rule.strategy is Strategy.NUMERICAL:
        return re.fullmatch(r"[+-]?\d+(\.\d+)?", value, re.ASCII) is not None
    if rule.strategy is not Strategy.SEMVER:
        return True
    read = judged(rule, name)
    return read is not None and rule.constraint.allows(read.version)


def is_of_the_family(rule: SelectionRule, name: str, current: str | None) -> bool:
    """Whether a version may take the place of the current one: of its family, or a full one without suffix."""
    if rule.strategy is not Strategy.SEMVER or rule.variant is Variant.ANY:
        return True
    mine = judged(rule, name)
    its = None if current is None else judged(rule, current)
    if its is not None:
        return mine.family == its.family
    full = {Versioning.CALVER: (1, 2, 3, 4), Versioning.FOUR_PART: (4,)}.get(rule.versioning, (3,))
    return mine.family[1] in full and not mine.family[3]


def order_of(rule: SelectionRule, tag: Tag) -> object:
    """Tell where an acceptable tag stands in the order of its strategy; None where that cannot be told."""
    if rule.strategy is Strategy.SEMVER:
        read = judged(rule, tag.name)
        return None if read is None else read.order
    if rule.strategy is Strategy.NUMERICAL:
        return Decimal(value_of(rule, tag.name) or "nan")
    if rule.strategy is Strategy.ALPHABETICAL:
        return (value_of(rule, tag.name) or "").encode("utf-8", "surrogatepass")
    times = {
        "push": tag.pushed_at or tag.first_seen,
        "first-seen": tag.first_seen,
        "created": tag.created_at,
    }
    return times[rule.clock.value]
