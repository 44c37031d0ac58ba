"""What the button "explain" of a review's check answers: each rule that found something, from beginning to end."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.findings.annotations import PREFIX
from bot.findings.links import Links
from bot.findings.rules import RULES
from bot.findings.sentences import LONGEST
from bot.manifests import exactly
from bot.policies.rules import RULES_BY_ID
from bot.safe_text import code, shortened, size, with_code, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bot.findings.finding import Finding

LONGEST_EXPLANATION: Final = 60_000
_MOST_PLACES: Final = 5
_LONGEST_PATH: Final = 300
_ROOM_FOR_FRAME: Final = 200
_EXAMPLE: Final = timedelta(days=90)


def explained(findings: Sequence[Finding], today: date, page_url: str = "", room: int = LONGEST_EXPLANATION) -> str:
    """Explain the rules that made some findings, in the order of these: Markdown of at most `room` bytes.

    Of each rule: what it finds, where it did so here, why that matters, how it is mended, and when the rule says
    nothing; at the end how a finding is waived, with an end 90 days after `today`. `page_url` is the page about the
    rules.
    """
    by_rule: dict[str, list[Finding]] = {}
    for each in findings:
        by_rule.setdefault(each.rule, []).append(each)
    if not by_rule:
        return "No rule found anything new in this change."
    links = Links(rules=page_url)
    sections = [_section(name, found, links) for name, found in by_rule.items() if name in RULES]
    first = findings[0]
    closing = how_to_waive(first.rule, first.path, today + _EXAMPLE)
    kept = within(sections, room - size(closing) - _ROOM_FOR_FRAME)
    if len(kept) < len(sections):
        kept.append(f"There is no room here for {len(sections) - len(kept)} more of the rules.")
    return "\n\n".join((*kept, closing))


def how_to_waive(rule: str, path: str, until: date) -> str:
    """Write how the findings of a rule in one file are put up with: both ways, as Markdown with YAML."""
    glob = json.dumps(exactly(path)) if len(path) <= _LONGEST_PATH else '"..."'
    entry = f'{{rule: {rule}, paths: [{glob}], reason: "...", until: {until.isoformat()}}}'
    return (
        "### Putting up with a finding\n\n"
        "Say why, and until when, in the policy file of the branch that the change goes into:\n\n"
        f"```yaml\nfindings:\n  ignore:\n    - {entry}\n```\n\n"
        "or in an annotation of the object, which counts once it is merged:\n\n"
        f'```yaml\nmetadata:\n  annotations:\n    {PREFIX}{rule}: "..."\n```'
    )


def _section(name: str, found: Sequence[Finding], links: Links) -> str:
    page = RULES[name].page
    silent = "\n".join(f"- {each}" for each in page.silent)
    parts = (
        f"### {links.rule(name)}",
        RULES_BY_ID[name].finds,
        "\n".join(_places(found)),
        f"**Why it matters.** {page.why}",
        f"**What to do.** {page.mend}",
        f"**When the rule says nothing:**\n\n{silent}" if silent else "",
    )
    return "\n\n".join(part for part in parts if part)


def _places(found: Sequence[Finding]) -> Iterator[str]:
    for each in found[:_MOST_PLACES]:
        yield f"- {code(each.path)} line {each.line}: {with_code(shortened(each.message, LONGEST))}"
    if len(found) > _MOST_PLACES:
        yield f"- and {len(found) - _MOST_PLACES:,} more"
