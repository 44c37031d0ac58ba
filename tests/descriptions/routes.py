"""Which operation of GitHub's description a request path means, with slashes inside a value as %2F."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Values that may hold slashes although the description does not say so of each: names of branches and refs.
MULTI_SEGMENT_NAMES = frozenset({"branch", "ref", "path", "basehead", "commit_sha", "sha", "tree_sha", "tag"})
SEGMENT = r"[^/]+"
SEGMENTS = r".*?"


@dataclass(frozen=True, slots=True)
class Route:
    """A path template of the description, and the request path written so that it fits segment by segment."""

    template: str
    path: str


class Routes:
    """All path templates of one OpenAPI description, found by method and path."""

    def __init__(self, paths: Mapping[str, Mapping[str, Any]]) -> None:
        self._patterns = [(template, set(item), _pattern(template)) for template, item in paths.items()]
        self._patterns.sort(key=_vagueness)

    def find(self, method: str, path: str) -> Route | None:
        """Return the route of a request, given its raw path without query; None when GitHub has no such operation."""
        for template, methods, pattern in self._patterns:
            match = pattern.fullmatch(path)
            if match and method.lower() in methods:
                return Route(template, _escaped(template, match))
        return None


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{([^}]+)\}", template)
    expression = [re.escape(parts[0])]
    for name, literal in zip(parts[1::2], parts[2::2], strict=True):
        expression.append(f"({SEGMENTS if name in MULTI_SEGMENT_NAMES else SEGMENT})" + re.escape(literal))
    return re.compile("".join(expression))


def _vagueness(entry: tuple[str, set[str], re.Pattern[str]]) -> tuple[int, int]:
    """Sort key: the template with fewer variables and more literal text is the one meant."""
    template = entry[0]
    return template.count("{"), -len(re.sub(r"\{[^}]+\}", "", template))


def _escaped(template: str, match: re.Match[str]) -> str:
    values = iter(match.groups())
    return re.sub(r"\{[^}]+\}", lambda _: next(values).replace("/", "%2F"), template)
