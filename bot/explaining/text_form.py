"""What was found out, as text for a person at a terminal."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.explaining.layout import Page
from bot.explaining.rule_words import rule_words
from bot.explaining.said_words import said_rows
from bot.policies.policy import FluxMode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.explaining.explanation import AtTag, ExplainedPolicy, Explanation
    from bot.explaining.listing import Listing
    from bot.explaining.policy_files import FoundPolicy
    from bot.explaining.said import SaidOfPolicy
    from bot.explaining.verdicts import Verdict
    from bot.images import Tag
    from bot.manifests import Occurrence
    from bot.selection import Decision, Explained

MOST_GROUPS: Final = 20
MOST_OF_A_GROUP: Final = 20
_FACTS: Final = 8
"""How wide the names of facts are, so that they align over several blocks."""
_SHOWN_OF_A_DIGEST: Final = 19


def listing_as_text(listing: Listing, *, width: int, every: bool = False) -> str:
    """Show a listing in `width` columns; `every`: with each tag that was not selected in a line of its own."""
    page = Page(width)
    page.line(listing.image.name)
    page.rows(_facts_of_listing(listing), narrowest=_FACTS)
    _add_remarks(page, listing.found.paused, listing.notes)
    page.blank()
    _add_rejected(page, listing.verdict, every=every, depth=0)
    _add_problems(page, listing.problems)
    return str(page)


def explanation_as_text(explanation: Explanation, *, width: int) -> str:
    """Show an explanation in `width` columns."""
    page = Page(width)
    if not explanation.policies:
        page.line(f"{explanation.name}: the policy is that of no image in the manifests of {explanation.directory}.")
    for policy in explanation.policies:
        page.blank()
        _add_policy(page, policy)
    if explanation.not_read:
        page.blank()
        page.line("Not read")
        page.rows((each.path, each.sentence) for each in explanation.not_read)
    _add_problems(page, explanation.problems)
    return str(page)


def _facts_of_listing(listing: Listing) -> Iterator[tuple[str, str]]:
    yield "policy", _policy(listing.found)
    yield "rule", rule_words(listing.found.policy)
    if listing.found.others:
        yield "", f"also about this image: {', '.join(listing.found.others)} (--name shows them)"
    yield "tags", f"{listing.listed:,}"
    current = listing.verdict.current
    yield "current", "none was given" if current is None else _short(current)
    yield from _outcome(listing.verdict.decision)
    if listing.verdict.decision.digest is not None:
        yield "digest", f"{listing.verdict.decision.digest} stands beside it then"


def _policy(found: FoundPolicy) -> str:
    if found.flux is not None:
        report = "; `flux: report`, so nothing is written" if found.flux is FluxMode.REPORT else ""
        return f"an ImagePolicy of Flux{report}"
    if found.path is None:
        return "none: this is what happens without any keys"
    about = f", about {found.pattern}" if found.pattern else ""
    return f"{found.policy.name} ({found.place}){about}"


def _outcome(decision: Decision) -> Iterator[tuple[str, str]]:
    selected = decision.selected
    if selected is None:
        yield "selected", "nothing"
    else:
        kind = "" if decision.update is None else f" ({decision.update.value} update)"
        yield "selected", f"{selected.name}{kind}"
        if selected.platforms:
            yield "runs on", ", ".join(sorted(map(str, selected.platforms)))
    yield "why", decision.sentence
    if decision.reconsider_at is not None:
        yield "again at", f"{decision.reconsider_at:%Y-%m-%d %H:%M} UTC this may change by itself"


def _short(current: str) -> str:
    tag, at, digest = current.partition("@")
    return f"{tag or 'no tag'}{at}{digest[:_SHOWN_OF_A_DIGEST]}{'...' if at else ''}"


def _add_remarks(page: Page, paused: str | None, notes: Sequence[str]) -> None:
    for remark in (*((paused,) if paused else ()), *notes):
        page.blank()
        page.line(remark)


def _add_problems(page: Page, problems: Sequence[str]) -> None:
    if problems:
        page.blank()
        page.line("Read in the policy file, and not honoured")
    for problem in problems:
        page.line(problem, 1)


def _add_rejected(page: Page, verdict: Verdict, *, every: bool, depth: int) -> None:
    """Show the tags that were not selected: all of them line by line, or those of one reason together."""
    if not verdict.rejected:
        page.line("No other tag was turned down.", depth)
        return
    page.line(f"Not selected: {_counted(len(verdict.rejected))}", depth)
    page.blank()
    if every:
        page.rows(((tag.name, _reason(tag, why)) for tag, why in verdict.rejected), depth + 1)
    else:
        _add_groups(page, verdict.rejected, depth + 1)


def _add_groups(page: Page, rejected: Sequence[tuple[Tag, Explained]], depth: int) -> None:
    """Show tags under their reasons, in the order in which the reasons come up: 20 of them, with 20 tags each."""
    groups: dict[str, list[tuple[Tag, Explained]]] = {}
    for tag, why in rejected:
        groups.setdefault(_reason(tag, why), []).append((tag, why))
    for sentence, group in islice(groups.items(), MOST_GROUPS):
        page.line(sentence, depth)
        page.grid([tag.name for tag, _ in group[:MOST_OF_A_GROUP]], depth + 1)
        if len(group) > MOST_OF_A_GROUP:
            page.line(f"and {len(group) - MOST_OF_A_GROUP:,} more", depth + 1)
    rest = [each for group in islice(groups.values(), MOST_GROUPS, None) for each in group]
    if rest:
        page.line(_and_more(rest), depth)


def _reason(tag: Tag, why: Explained) -> str:
    """Give the sentence that stands beside or above a tag; one that begins with the tag goes on without it."""
    return why.sentence.removeprefix(f"{tag.name} ")


def _and_more(rest: Sequence[tuple[Tag, Explained]]) -> str:
    counts = Counter(why.reason for _, why in rest)
    listed = ", ".join(f"{number:,} {_words(reason.value)}" for reason, number in counts.most_common())
    return f"and {len(rest):,} more: {listed}"


def _words(reason: str) -> str:
    return reason.replace("-", " ")


def _counted(number: int) -> str:
    return f"{number:,} tag{'' if number == 1 else 's'}"


def _add_policy(page: Page, policy: ExplainedPolicy) -> None:
    page.line(policy.found.policy.name)
    page.rows(_facts_of_policy(policy), narrowest=_FACTS)
    _add_remarks(page, policy.found.paused, policy.notes)
    if policy.unread is not None:
        page.blank()
        page.line(f"Nothing is decided: {policy.unread}")
    if not policy.at_tags:
        page.blank()
        page.line("No manifest here follows this policy.")
    for at_tag in policy.at_tags:
        page.blank()
        _add_at_tag(page, at_tag)
    if policy.left_alone:
        page.blank()
        page.line("Left alone")
        page.rows((_place(each.path, each.line), each.message) for each in policy.left_alone)
    if policy.said is not None:
        page.blank()
        _add_said(page, policy.said)


def _add_said(page: Page, said: SaidOfPolicy) -> None:
    rows = list(said_rows(said))
    page.line(f"Said in {said.repository}" if rows else f"Nothing was said of it in {said.repository}.")
    page.rows(rows)


def _facts_of_policy(policy: ExplainedPolicy) -> Iterator[tuple[str, str]]:
    yield "policy", _policy(policy.found)
    yield "image", policy.found.policy.image.name
    yield "rule", rule_words(policy.found.policy)
    if policy.listed is not None:
        yield "tags", f"{policy.listed:,}"


def _add_at_tag(page: Page, at_tag: AtTag) -> None:
    page.line(f"At {_short(at_tag.current)}")
    page.rows((_place(each.path, each.line), _object(each)) for each in at_tag.occurrences)
    if at_tag.verdict is None:
        return
    page.blank()
    page.rows(_outcome(at_tag.verdict.decision), narrowest=_FACTS)
    page.blank()
    if at_tag.changes:
        page.line("Would be written", 1)
        page.rows(((_place(each.path, each.line), each.new) for each in at_tag.changes), 2)
    else:
        page.line("Nothing would be written.", 1)
    page.blank()
    _add_rejected(page, at_tag.verdict, every=False, depth=1)


def _place(path: str, line: int | None) -> str:
    return path if line is None else f"{path}:{line}"


def _object(occurrence: Occurrence) -> str:
    """Name the object that an image belongs to; in a file that holds none, the field."""
    if not occurrence.kind and not occurrence.container:
        return occurrence.field
    name = "/".join(part for part in (occurrence.namespace, occurrence.name) if part)
    container = f", container {occurrence.container}" if occurrence.container else ""
    return (f"{occurrence.kind} {name}".strip() + container).removeprefix(", ")
