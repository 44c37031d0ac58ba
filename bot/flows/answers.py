"""What the bot answers a command with words: what it decided, what it would do, what it did not understand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from bot.bumps import laid_sentence
from bot.commands import Want, help_table
from bot.flows.basis import read_basis
from bot.flows.readers import NOBODY, readers_of
from bot.flows.remarks import laid_upon
from bot.flows.stage import standing_of_policies
from bot.safe_text import code, prose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from bot.commands import Mistake
    from bot.flows.parts import Parts
    from bot.flows.stage import Stage
    from bot.policies import ImagePolicy
    from bot.store import DecisionRecord

MOST_POLICIES: Final = 30
"""Policies that one answer tells of."""

MOST_STANDING: Final = 10
MOST_REFUSED: Final = 10
MOST_LAID: Final = 20
LONGEST_LINE: Final = 80


def mistaken(mistakes: Iterable[Mistake]) -> str:
    """Say of each line why it cannot be obeyed, and that none was."""
    return _listed("Nothing was done:", mistakes)


def unreadable(mistakes: Iterable[Mistake]) -> str:
    """Say of which policies the image cannot be read, and why not."""
    return _listed("These images cannot be read:", mistakes)


def _listed(heading: str, mistakes: Iterable[Mistake]) -> str:
    lines = [f"- {code(mistake.line[:LONGEST_LINE])}: {prose(mistake.sentence)}" for mistake in mistakes]
    return "\n".join([heading, "", *lines])


async def answered(parts: Parts, stage: Stage, want: Want, names: Sequence[str]) -> str:
    """Write what somebody asked for with HELP, PLAN or EXPLAIN, about policies by their names."""
    if want is Want.HELP:
        return help_table()
    if not names:
        return "No policy is in force here."
    standing = await standing_of_policies(parts, stage, names)
    said: list[str] = []
    for name in names[:MOST_POLICIES]:
        policy = stage.policies[name]
        teller = _Teller(parts, stage, policy, standing.get(name, []))
        said.append("\n".join([f"**{prose(name)}** ({code(policy.image.name)})", "", *await teller.lines(want)]))
    if len(names) > MOST_POLICIES:
        said.append(f"There are {len(names) - MOST_POLICIES} more policies: name the one that is meant.")
    return "\n\n".join(said)


class _Teller:
    """Tells of one policy, no more than everybody may know who reads the repository."""

    def __init__(self, parts: Parts, stage: Stage, policy: ImagePolicy, standing: Collection[str]) -> None:
        self._parts, self._stage, self._policy, self._standing = parts, stage, policy, standing

    async def lines(self, want: Want) -> list[str]:
        decisions = await self._decisions()
        lines = [line for decision in decisions[:MOST_STANDING] for line in await self._decided(decision, want)]
        if not self._policy.enabled or (self._stage.policy_file and not self._stage.policy_file.enabled):
            lines = ["- The policy file says `enabled: false`, so nothing is done."]
        elif not decisions:
            lines = ["- Nothing was decided yet: no file here uses the image, or no tag of it is known."]
        lines += [f"- {sentence}" for sentence in await self._bump()]
        return [*lines, *await self._laid()] if want is Want.EXPLAIN else lines

    async def _decisions(self) -> list[DecisionRecord]:
        """Return the latest decision for each tag that stands; older ones are of tags that are gone."""
        every = await self._parts.store.decisions.all_of(self._stage.repository.id, self._policy.name)
        return [decision for decision in every if decision.current in self._standing]

    async def _decided(self, decision: DecisionRecord, want: Want) -> list[str]:
        is_told = self._stage.repository.private or await self._is_everybodys(decision)
        selected, current = decision.selected, decision.current or "no tag"
        stays = selected is None or selected == decision.current
        outcome = f"{code(current)} stays" if stays else f"{code(current)} to {code(selected or '')}"
        sentence = f": {prose(decision.sentence)}" if is_told else ""
        lines = [f"- {outcome}{sentence}"]
        if want is Want.EXPLAIN and is_told:
            lines += [f"  - {code(tag)}: {prose(why)}" for tag, why in _refused(decision)]
        return lines

    async def _is_everybodys(self, decision: DecisionRecord) -> bool:
        """Whether everybody may read what a decision was made from, and could when it was made."""
        readers = await readers_of(self._parts, self._stage.repository)
        return decision.reader == NOBODY and readers.of(self._policy.image, self._policy.credential) == NOBODY

    async def _bump(self) -> Iterator[str]:
        store, repository = self._parts.store, self._stage.repository.id
        record = await store.bumps.get(repository, self._policy.group)
        noted = await store.notes.get(repository, self._policy.group)
        ordered = await store.orders.get(repository, self._policy.group)
        said = []
        if record is not None and record.state.living and record.pull_request is not None:
            said.append(f"Its pull request is #{record.pull_request}.")
            against = read_basis(record.proposals).against
            said += [prose(against.sentence)] if against is not None else []
        if ordered is not None:
            said.append(f"{prose(ordered.by)} asked for it to be merged at {code(ordered.head[:12])}.")
        if noted is not None:
            said.append(prose(noted.sentence))
        return iter(said)

    async def _laid(self) -> list[str]:
        every = await laid_upon(self._parts, self._stage.repository.id)
        laid = [f"- {prose(laid_sentence(each))}." for each in every if each.policy == self._policy.name]
        return laid[:MOST_LAID]


def _refused(decision: DecisionRecord) -> list[tuple[str, str]]:
    """Return the tags that were not chosen although somebody might have expected them, with why."""
    return [(each["tag"], each["sentence"]) for each in json.loads(decision.rejected)][:MOST_REFUSED]
