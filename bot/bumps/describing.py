"""The words of a pull request: its title, its body and its commit message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.bumps.deciding import refusals
from bot.bumps.links import site_of
from bot.bumps.messages import filled, message, moves
from bot.bumps.state_block import LONGEST_STATE, state_block
from bot.bumps.surroundings import Surroundings
from bot.bumps.telling_moves import told_move
from bot.bumps.telling_places import told_places
from bot.bumps.telling_sources import told_sources
from bot.safe_text import code, plain, quiet, shortened, with_code, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bumps.deciding import Decisions
    from bot.bumps.planning import Open, Update
    from bot.manifests import Change

LONGEST_BODY: Final = 60_000
LONGEST_TITLE: Final = 250

_POLICY_FILE: Final = ".niro/policies.yml"
_MOST_POLICIES: Final = 20
_NOTHING_AROUND: Final = Surroundings()


@dataclass(frozen=True, slots=True)
class PullRequestText:
    """Title (one line), body (Markdown) and commit message (its first line is the headline)."""

    title: str
    body: str
    message: str


def describe(
    item: Open | Update,
    changes: Sequence[Change],
    decisions: Decisions,
    unshown: frozenset[str] = frozenset(),
    around: Surroundings = _NOTHING_AROUND,
) -> PullRequestText:
    """Write the texts of a pull request that holds `changes`. All that strangers wrote is made harmless.

    `unshown`: policies of whose tags nothing may be said but which one is proposed. `around`: what is told besides; its
    state stands between two hidden markers (`bot.bumps.state_block`). The message ends with the trailer
    `Niro-Bump: <group>/<fingerprint>`, by which the commit is known again.
    """
    title = _title(item)
    return PullRequestText(
        title, _body(item, changes, decisions, unshown, around), message(title, item, changes, around.author)
    )


def _title(item: Open | Update) -> str:
    values = {name: quiet(value) for name, value in moves(item.proposals).items()}
    title = filled(plain(item.title, LONGEST_TITLE), values)
    return shortened(title, LONGEST_TITLE) or f"Bump {quiet(item.group)}"


def _body(
    item: Open | Update,
    changes: Sequence[Change],
    decisions: Decisions,
    unshown: frozenset[str],
    around: Surroundings,
) -> str:
    moves = [told_move(proposal, around, shown=proposal.policy not in unshown) for proposal in item.proposals]
    kept = within(moves, LONGEST_BODY // 4)
    if len(kept) < len(moves):
        kept.append(f"And {len(moves) - len(kept)} more images.")
    told = {key: decision for key, decision in decisions.items() if key[0] not in unshown}
    # A sentence about what waits tells of its policy's tags, and does not say which policy that is.
    waiting = "" if unshown else _waiting(item)
    below = (_refused(item, told), waiting, _sources(item, unshown, around))
    footer = _footer(item)
    # The state may grow later without the rest being written again.
    room = LONGEST_BODY - LONGEST_STATE - sum(len(part) + 2 for part in (*kept, *below, footer))
    table = told_places(changes, around.files_url, room)
    return "\n\n".join(part for part in (*kept, table, *below, state_block(around.state), footer) if part) + "\n"


def _sources(item: Open | Update, unshown: frozenset[str], around: Surroundings) -> str:
    shown = (around.stories.get((each.policy, each.current)) for each in item.proposals if each.policy not in unshown)
    sources = (story.source for story in shown if story is not None and story.source is not None)
    return told_sources(sources, site_of(around.files_url), LONGEST_BODY // 4)


def _refused(item: Open | Update, decisions: Decisions) -> str:
    moved = {(proposal.policy, proposal.current) for proposal in item.proposals}
    ours = {key: decision for key, decision in decisions.items() if key in moved}
    lines = dict.fromkeys(f"> - {with_code(refusal.sentence.removesuffix('.'))}." for refusal in refusals(ours))
    if not lines:
        return ""
    noted = within(list(lines), LONGEST_BODY // 4, between=1)
    return "\n".join(["> [!NOTE]", "> A newer tag was refused:", *noted])


def _waiting(item: Open | Update) -> str:
    lines = [f"> - {with_code(sentence)}" for sentence in item.waiting]
    if not lines:
        return ""
    noted = within(lines, LONGEST_BODY // 8, between=1)
    return "\n".join(["> [!NOTE]", "> Some images wait, and are left as they stand here:", *noted])


def _footer(item: Open | Update) -> str:
    policies = list(dict.fromkeys(proposal.policy for proposal in item.proposals))
    shown = ", ".join(code(name) for name in policies[:_MOST_POLICIES])
    more = f" and {len(policies) - _MOST_POLICIES} more" if len(policies) > _MOST_POLICIES else ""
    noun = "policy" if len(policies) == 1 else "policies"
    group = "" if policies == [item.group] else f" of the group {code(item.group)}"
    place = f"`{_POLICY_FILE}`, line {item.policy_line}"
    narrower = " or narrow its `range`" if item.by_range else ""
    stop = f"To stop this, set `enabled: false` there{narrower}."
    return f"---\n\nAsked for by the {noun} {shown}{more}{group} in {place}. {stop}"
