"""What is known already of the images of two policy files, and who may be told of it: nobody outside is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.bumps import Outlook
from bot.flows.following import followed_in
from bot.flows.indexed import occurrences_of
from bot.flows.known_tags import KnownTags
from bot.flows.readers import NOBODY, Reader, readers_of
from bot.registries import Unusable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.bumps import Differing
    from bot.flows.following import Chosen
    from bot.flows.parts import Parts
    from bot.images import ImageReference, Tag
    from bot.policies import PolicyFile
    from bot.store import Repository

MOST_IMAGES: Final = 300
MOST_TAGS: Final = 200_000
"""How much one preview looks at; of further images it says that it does not."""

CONFIDENTIAL: Final = "its tags are read with a credential, and are not shown here"
UNUSABLE: Final = "it cannot be read with the credential that the file names"
NEW_READER: Final = "a credential reads it, which is asked for its tags after the merge"
NOT_READ: Final = "its tags have not been read yet; they are after the merge"
REFUSED: Final = "its tags could not be read when they were last asked for"
TOO_MANY: Final = "there are too many images or tags to look at all of them here; it is looked at after the merge"


class _Gathering:
    """Reads what is kept of images, each once. `untold`: why nothing is told of an image, by its name."""

    def __init__(self, parts: Parts, repository: Repository) -> None:
        self._parts = parts
        self._repository = repository
        self._tags: dict[tuple[str, str], Sequence[Tag]] = {}
        self.untold: dict[str, str] = {}

    def judge(self, now: Chosen, proposed: Chosen) -> None:
        """Say of which images nothing is told, whoever reads them under either file.

        What a credential reads is for nobody in a public repository. Elsewhere it is told where the file in force has
        it read so: a file that is only proposed does not choose what is done with credentials.
        """
        for image, reader in proposed.items():
            if isinstance(reader, Unusable):
                self.untold[image] = UNUSABLE
            elif reader not in {NOBODY, now.get(image)}:
                self.untold[image] = NEW_READER
        if not self._repository.private:
            readers = (*now.items(), *proposed.items())
            self.untold |= {image: CONFIDENTIAL for image, reader in readers if isinstance(reader, str) and reader}

    async def outlook(self, policy_file: PolicyFile, chosen: Chosen) -> Outlook:
        """Gather what is known where a file would be in force. `chosen`: who would read its images."""
        found = await occurrences_of(self._parts, self._repository.id, policy_file.images)
        return Outlook(policy_file, found.occurrences, await self._tags_of(policy_file, chosen), {})

    async def _tags_of(self, policy_file: PolicyFile, chosen: Chosen) -> Mapping[str, Sequence[Tag]]:
        tags: dict[str, Sequence[Tag]] = {}
        for policy in followed_in(policy_file):
            image, reader = policy.image, chosen[policy.image.name]
            if image.name in self.untold or isinstance(reader, Unusable):
                continue
            if (image.name, reader) not in self._tags:
                # Only what is kept is read, so nobody's secret has to be opened.
                known = await KnownTags(self._parts, {image.name: Reader(reader)}).of(image)
                if not known and (why := await self._why_none(image, reader)):
                    self.untold[image.name] = why
                    continue
                if len(self._tags) >= MOST_IMAGES or self._count + len(known) > MOST_TAGS:
                    self.untold[image.name] = TOO_MANY
                    continue
                self._tags[image.name, reader] = known
            tags[image.name] = self._tags[image.name, reader]
        return tags

    @property
    def _count(self) -> int:
        return sum(map(len, self._tags.values()))

    async def _why_none(self, image: ImageReference, reader: str) -> str:
        """Say why no tags are known; "" where the registry told that there are none."""
        scan = await self._parts.store.ledger.scan_state(image.host, image.repository, reader)
        if scan is None:
            return NOT_READ
        return "" if scan.error is None else REFUSED


async def outlooks(parts: Parts, repository: Repository, files: Differing) -> tuple[Outlook | None, Outlook]:
    """Gather from the store what is known under the file in force (None: there is none) and under the proposed one."""
    readers = await readers_of(parts, repository)
    chosen_now = {} if files.now is None else readers.of_all(followed_in(files.now))
    chosen = readers.of_all(followed_in(files.proposed))
    gathering = _Gathering(parts, repository)
    gathering.judge(chosen_now, chosen)
    proposed = await gathering.outlook(files.proposed, chosen)
    now = None if files.now is None else await gathering.outlook(files.now, chosen_now)
    return (None if now is None else _told(now, gathering.untold)), _told(proposed, gathering.untold)


def _told(outlook: Outlook, untold: Mapping[str, str]) -> Outlook:
    """Leave out of an outlook the images of which nothing is told, and say of their policies why."""
    policies = outlook.policy_file.images
    why = {policy.name: untold[policy.image.name] for policy in policies if policy.image.name in untold}
    tags = {image: known for image, known in outlook.tags.items() if image not in untold}
    return Outlook(outlook.policy_file, outlook.occurrences, tags, why)
