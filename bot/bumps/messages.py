"""The message of the bot's commit: the policy's template or a list of what changes, and the trailer at its end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.bumps.trailers import trailer
from bot.safe_text import plain, shortened, undirected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.bumps.planning import Open, Update
    from bot.bumps.wishes import Proposal
    from bot.manifests import Change

LONGEST_HEADLINE: Final = 250
LONGEST_MESSAGE: Final = 20_000

_MOST_LINES_OF_A_LIST: Final = 50
_MOST_NAMED: Final = 3
_LONGEST_LINE: Final = 1_000
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def moves(proposals: Sequence[Proposal]) -> dict[str, str]:
    """Give the values of {image}, {from} and {to}, as strangers wrote them; of many different ones the first three."""
    return {
        "image": _joined(proposal.image for proposal in proposals),
        "from": _joined(proposal.shown[0] or "no tag" for proposal in proposals),
        "to": _joined(proposal.shown[1] for proposal in proposals),
    }


def filled(template: str, values: Mapping[str, str]) -> str:
    """Put values where the template names them; whatever else stands in braces stays as it is."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def message(title: str, item: Open | Update, changes: Sequence[Change], author: str = "") -> str:
    """Write the whole message of the commit that makes `changes`. Its first line is the headline.

    It ends with a paragraph of trailers, whatever the template says: `Co-authored-by: <author>` where there is one
    ("Name <email>"), and last `Niro-Bump: <group>/<fingerprint>`.
    """
    lists = {
        "changes": _listed(f"{undirected(f'{change.path}:{change.line}')}: {_move(change)}" for change in changes),
        "objects": _listed(_object(change) for change in changes),
        "files": _listed(undirected(change.path) for change in changes),
    }
    if item.message is None:
        parts = [title, lists["changes"]]
    else:
        values = {name: undirected(value) for name, value in moves(item.proposals).items()}
        parts = [_written(item.message, values | lists) or title]
    own = trailer(item.group, item.fingerprint)
    trailers = f"Co-authored-by: {plain(author)}\n{own}" if author else own
    return "\n\n".join(part for part in (*parts, trailers) if part)


def _written(template: str, values: Mapping[str, str]) -> str:
    text = "\n".join(filled(_visible(line), values) for line in template.split("\n")).strip()
    headline, newline, body = text.partition("\n")
    return (shortened(headline, LONGEST_HEADLINE) + newline + body)[:LONGEST_MESSAGE].rstrip()


def _visible(line: str) -> str:
    """Keep a line of the template with its indentation, and nothing in it that cannot be seen."""
    indentation = len(line) - len(line.lstrip(" "))
    return " " * min(indentation, _LONGEST_LINE) + plain(line, _LONGEST_LINE)


def _listed(lines: Iterable[str]) -> str:
    """Write different lines as a list; an empty one says nothing."""
    different = [f"- {line}" for line in dict.fromkeys(lines) if line]
    shown = different[:_MOST_LINES_OF_A_LIST]
    if len(shown) < len(different):
        shown.append(f"- and {len(different) - len(shown)} more")
    return "\n".join(shown)


def _object(change: Change) -> str:
    name = "/".join(part for part in (change.namespace, change.name) if part)
    return " ".join(undirected(part) for part in (change.kind, name) if part)


def _move(change: Change) -> str:
    return f"{undirected(change.old)} -> {undirected(change.new)}"


def _joined(values: Iterable[str]) -> str:
    different = list(dict.fromkeys(values))
    more = len(different) - _MOST_NAMED
    return ", ".join(different) if more <= 0 else f"{', '.join(different[:_MOST_NAMED])} and {more} more"
