"""policySelector: which policies an automation takes, by their labels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bot.images import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.policies.flux.fields import Fields


class Operator(Enum):
    """How a label is looked at: the operators of a LabelSelector (Kubernetes, meta/v1)."""

    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"


_WITH_VALUES = frozenset({Operator.IN, Operator.NOT_IN})


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that labels must fulfil. NOT_IN is fulfilled where there is no such label, as in Kubernetes."""

    key: str
    operator: Operator
    values: frozenset[str] = frozenset()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether labels fulfil it."""
        if self.operator is Operator.IN:
            return labels.get(self.key) in self.values
        if self.operator is Operator.NOT_IN:
            return labels.get(self.key) not in self.values
        return (self.key in labels) is (self.operator is Operator.EXISTS)


@dataclass(frozen=True, slots=True)
class Selector:
    """Everything that labels must fulfil; nothing means that all do."""

    requirements: tuple[Requirement, ...] = ()

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Whether labels fulfil it."""
        return all(requirement.holds(labels) for requirement in self.requirements)


def read_selector(spec: Fields) -> Selector:
    """Read the `policySelector` of an automation; a requirement that cannot be read is refused in the report."""
    section = spec.section("policySelector")
    labels = section.texts_by_key("matchLabels")
    equal = [Requirement(key, Operator.IN, frozenset({value})) for key, value in labels.items()]
    return Selector((*equal, *_expressions(section)))


def _expressions(section: Fields) -> Iterator[Requirement]:
    for expression in section.sections("matchExpressions"):
        key = expression.required("key")
        operator = _operator(expression)
        values = frozenset(expression.texts("values") or ())
        if key is None or operator is None:
            continue
        if bool(values) is not (operator in _WITH_VALUES):
            needs = "needs" if operator in _WITH_VALUES else "takes no"
            expression.refuse("values" if values else "operator", f"will not do: {operator.value} {needs} values")
        yield Requirement(key, operator, values)


def _operator(expression: Fields) -> Operator | None:
    text = expression.required("operator")
    if text is None:
        return None
    try:
        return Operator(text)
    except ValueError:
        known = ", ".join(operator.value for operator in Operator)
        expression.refuse("operator", f"is one of {known}, not {quoted(text)}")
        return None
