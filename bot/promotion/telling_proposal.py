"""The words of the pull request that proposes to promote images, and of its commit."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.promotion.promoted_map import path_of
from bot.promotion.telling import verdict_lines
from bot.safe_text import code, prose, quiet, shortened, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.policies.promotions import Promotion
    from bot.promotion.telling import RunFacts
    from bot.promotion.verdicts import Verdict

LONGEST_TITLE: Final = 250
LONGEST_BODY: Final = 60_000
_SHORT_DIGEST: Final = 19
_MOST_ROWS: Final = 100


class ProposalText(NamedTuple):
    """What a pull request says: its title, its body (Markdown), and `message`, the first line of its commit."""

    title: str
    body: str
    message: str


def proposal_text(
    promotion: Promotion, told: Sequence[tuple[RunFacts, Verdict | None]], *, confidential: bool = False
) -> ProposalText:
    """Describe a proposal of at least one image. `confidential`: as for `check_text`, but for what the map shows."""
    title = _title(promotion, [facts for facts, _ in told])
    table = _table([facts for facts, _ in told])
    room = LONGEST_BODY - len(table) - 4_000
    verdicts = [] if confidential else within([_verdict(facts, verdict) for facts, verdict in told if verdict], room)
    parts = [_lead(promotion), table, _closing(promotion), *(["### Verdicts", *verdicts] if verdicts else [])]
    body = "\n\n".join(parts)
    return ProposalText(title, f"{body}\n\n{marker(title + body)}", title)


def marker(text: str) -> str:
    """Write the hidden line by which a description is known again that needs no change."""
    return f"<!-- niro promotion {sha256(text.encode(errors='replace')).hexdigest()[:16]} -->"


def _title(promotion: Promotion, told: Sequence[RunFacts]) -> str:
    first, others = told[0], len(told) - 1
    image = quiet(promotion.target.repository.rpartition("/")[2])
    more = f" and {others:,} more" if others else ""
    return shortened(f"Promote {image} {quiet(first.tag)} to {quiet(first.target_tag)}{more}", LONGEST_TITLE)


def _lead(promotion: Promotion) -> str:
    source, target = code(promotion.source.name), code(promotion.target.name)
    return f"The promotion {code(promotion.name)} is to bring images from {source} to {target}:"


def _table(told: Sequence[RunFacts]) -> str:
    rows = [
        f"| {code(facts.tag)} | {code(facts.digest[:_SHORT_DIGEST])} | {code(facts.target_tag)} |"
        for facts in told[:_MOST_ROWS]
    ]
    left = len(told) - _MOST_ROWS
    more = [f"| and {left:,} more | | |"] if left > 0 else []
    return "\n".join(["| tag | digest | tag at the target |", "|---|---|---|", *rows, *more])


def _closing(promotion: Promotion) -> str:
    return (
        f"Merging this writes them into {code(path_of(promotion.name))}: what stands there is copied. "
        "Take a line out to leave an image out. Closing the pull request turns all of them down."
    )


def _verdict(facts: RunFacts, verdict: Verdict) -> str:
    lines = verdict_lines(verdict) or ["- The promotion has no criteria."]
    said = prose(verdict.sentence) if verdict.sentence else ""
    head = f"{code(facts.tag)}{f': {said}' if said else ''}"
    return "\n".join([head, "", *lines])
