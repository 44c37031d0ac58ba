"""The kinds of value in the sections about findings: how each is read, and what an editor is told of it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, TypeAdapter

from bot.images import ImageReference, InvalidImageReference, is_tag, quoted
from bot.policies.findings import RegistryPrefix
from bot.policies.kinds import FLAG_SCHEMA, TEXT_SCHEMA
from bot.policies.problems import suggestion
from bot.policies.rules import RULES_BY_ID, OptionKind, Severity
from bot.policies.section import MOST_ITEMS, JsonSchema, ReadBy
from bot.policies.tree import Scalar
from bot.policies.values import is_off, read_flag, read_one_of, read_text, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT: Final = "default"
NEVER: Final = "never"
LONGEST_REASON: Final = 500

_SEVERITIES: Final = {severity.word: severity for severity in Severity}
_ENVIRONMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DNS_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_DNS_SUBDOMAIN = re.compile(rf"{_DNS_LABEL}(?:\.{_DNS_LABEL})*")
_LONGEST_DNS_SUBDOMAIN: Final = 253
_CAPABILITY = re.compile(r"[A-Z][A-Z0-9_]{0,62}")
_QUANTITY = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?(?:m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?")
_BELOW: Final = "any/image"


def read_threshold(value: object) -> Severity | None:
    """Read the severity from which on a check fails; None for `never`."""
    text = read_one_of(value, {*_SEVERITIES, NEVER})
    return _SEVERITIES.get(text)


def read_least_severity(value: object) -> Severity:
    """Read the severity from which on findings become comments."""
    return _SEVERITIES[read_one_of(value, _SEVERITIES)]


def read_severity(value: object) -> Severity | None:
    """Read the severity of a rule; None for `off`, `false` or `no`."""
    if is_off(value):
        return None
    text = read_text(value)
    if text not in _SEVERITIES:
        words = [*sorted(_SEVERITIES), "off"]
        refuse(f"is one of {', '.join(words)}, not {quoted(text)}{suggestion(text, words)}")
    return _SEVERITIES[text]


def read_severities(value: object) -> dict[str, Severity | None]:
    """Read one severity, under the key `default`, or a mapping of them by environment."""
    if value == {}:
        refuse("is empty; name a severity or leave the key out")
    if isinstance(value, dict) and len(value) > MOST_ITEMS:
        refuse(f"names at most {MOST_ITEMS} environments")
    if isinstance(value, dict):
        return _BY_ENVIRONMENT.validate_python(value)
    if not isinstance(value, Scalar):
        refuse("is a severity, or a mapping of severities by environment")
    return {DEFAULT: read_severity(value)}


def read_rule(value: object) -> str:
    """Read the id of a rule."""
    text = read_text(value)
    if text not in RULES_BY_ID:
        refuse(f"is the id of a rule, not {quoted(text)}{suggestion(text, RULES_BY_ID)}")
    return text


def read_reason(value: object) -> str:
    """Read why something is put up with: one line."""
    text = read_text(value)
    if len(text) > LONGEST_REASON or not text.isprintable() or not text.strip():
        refuse(f"is one line of at most {LONGEST_REASON} characters, not {quoted(text)}")
    return text


def read_date(value: object) -> date:
    """Read a day, as 2027-01-31."""
    text = read_text(value)
    if not _DATE.fullmatch(text):
        refuse(f"is a day, written as 2027-01-31, not {quoted(text)}")
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(f"is a day of the calendar, and {quoted(text)} is none")


def read_environment(value: object) -> str:
    """Read the name of an environment; `default` stands for all that have none."""
    text = read_text(value)
    if not _ENVIRONMENT.fullmatch(text):
        refuse(f"is written in letters, digits, `.`, `_`, `-`, at most 63, not {quoted(text)}")
    if text == DEFAULT:
        refuse("is not `default`, which stands for every file without an environment")
    return text


def read_registry(value: object) -> RegistryPrefix:
    """Read the host of a registry, with or without the first segments of a repository: ghcr.io, ghcr.io/my-org."""
    text = read_text(value)
    host, _, path = text.partition("/")
    if not ("." in host or ":" in host or host == "localhost"):
        refuse(f"begins with the host of a registry, such as ghcr.io, not {quoted(text)}")
    try:
        reference = ImageReference.parse(f"{text}/{_BELOW}")
    except InvalidImageReference:
        refuse(f"is the host of a registry, or a host and a path, such as ghcr.io/my-org, not {quoted(text)}")
    return RegistryPrefix(reference.host, path)


def read_secret_name(value: object) -> str:
    """Read the name of a Kubernetes Secret: a DNS subdomain."""
    text = read_text(value)
    if len(text) > _LONGEST_DNS_SUBDOMAIN or not _DNS_SUBDOMAIN.fullmatch(text):
        refuse(f"is the name of a Kubernetes Secret: lower case letters, digits, `-` and `.`, not {quoted(text)}")
    return text


def read_tag(value: object) -> str:
    """Read a tag."""
    text = read_text(value)
    if not is_tag(text):
        refuse(f"cannot be a tag: {quoted(text)}")
    return text


def read_capability(value: object) -> str:
    """Read a capability of Linux as Kubernetes writes it: NET_BIND_SERVICE."""
    text = read_text(value)
    if not _CAPABILITY.fullmatch(text):
        refuse(f"is a capability, written as NET_BIND_SERVICE, not {quoted(text)}")
    return text


def read_quantity(value: object) -> str:
    """Read a quantity as Kubernetes writes it: 100m, 0.5, 128Mi."""
    text = read_text(value)
    if not _QUANTITY.fullmatch(text):
        refuse(f"is a quantity of Kubernetes, such as 100m or 128Mi, not {quoted(text)}")
    return text


_OFF_IN_ANY_CASE: Final = "^([Oo][Ff][Ff]|[Nn][Oo]|[Ff][Aa][Ll][Ss][Ee])$"
_SEVERITY_SCHEMA: Final[JsonSchema] = {
    "anyOf": [{"enum": [*_SEVERITIES, "off", False]}, {"type": "string", "pattern": _OFF_IN_ANY_CASE}]
}
_SEVERITIES_SCHEMA: Final[JsonSchema] = {
    "anyOf": [_SEVERITY_SCHEMA, {"type": "object", "additionalProperties": _SEVERITY_SCHEMA, "minProperties": 1}]
}

SeverityOrOff = Annotated[Severity | None, ReadBy(read_severity, _SEVERITY_SCHEMA)]
Severities = Annotated[dict[str, Severity | None], ReadBy(read_severities, _SEVERITIES_SCHEMA)]
Threshold = Annotated[Severity | None, ReadBy(read_threshold, {"enum": [NEVER, *_SEVERITIES]})]
LeastSeverity = Annotated[
    Severity, ReadBy(read_least_severity, {"enum": [*_SEVERITIES]}, lambda severity: severity.word)
]
RuleId = Annotated[str, ReadBy(read_rule, {"enum": [*RULES_BY_ID]})]
Reason = Annotated[str, ReadBy(read_reason, TEXT_SCHEMA)]
Day = Annotated[date, ReadBy(read_date, {"type": "string", "format": "date"})]
EnvironmentName = Annotated[str, ReadBy(read_environment, TEXT_SCHEMA)]
Registry = Annotated[RegistryPrefix, ReadBy(read_registry, {"type": "string"})]
SecretName = Annotated[str, ReadBy(read_secret_name, TEXT_SCHEMA)]
TagName = Annotated[str, ReadBy(read_tag, TEXT_SCHEMA)]
Capability = Annotated[str, ReadBy(read_capability, {"type": "string"})]
Quantity = Annotated[str, ReadBy(read_quantity, TEXT_SCHEMA)]
OnOrOff = Annotated[bool, ReadBy(read_flag, FLAG_SCHEMA)]

KIND_OF_OPTION: Final[Mapping[OptionKind, Any]] = {
    OptionKind.TAGS: Annotated[tuple[TagName, ...], Field(max_length=MOST_ITEMS)],
    OptionKind.REGISTRIES: Annotated[tuple[Registry, ...], Field(max_length=MOST_ITEMS)],
    OptionKind.CAPABILITIES: Annotated[tuple[Capability, ...], Field(max_length=MOST_ITEMS)],
    OptionKind.FLAG: OnOrOff,
    OptionKind.QUANTITY: Quantity,
}

_BY_ENVIRONMENT: Final = TypeAdapter(dict[str, SeverityOrOff])
