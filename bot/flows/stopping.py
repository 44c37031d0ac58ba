"""Where the bot cannot go on without touching other people's work, it stops, and says so once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.bumps import prose
from bot.flows.noting import note
from bot.store import NoteKind

if TYPE_CHECKING:
    from bot.flows.application import Application


async def stop(application: Application, sentence: str) -> None:
    """Note why a pull request is not moved any more, and comment on it unless that was done since it last moved."""
    parts, repository, group = application.parts, application.repository, application.group
    bump = application.stands.bump
    await note(parts, repository, group, NoteKind.STOPPED, sentence)
    noted = await parts.store.notes.get(repository.id, group)
    if noted is None or noted.told or bump is None or bump.pull_request is None:
        return
    # First noted, then said: a comment that is lost is better than one that comes twice.
    await parts.store.notes.mark_told(repository.id, group)
    await application.client.say(bump.pull_request, _comment(sentence))


def _comment(sentence: str) -> str:
    return (
        f"{prose(sentence)}\n\n"
        "Somebody committed to this branch, and that work is left as it is. The bot does not change this pull request "
        "any more; `/niro recreate` gives up what is on the branch and makes it anew."
    )
