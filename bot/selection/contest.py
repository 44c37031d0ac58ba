"""What a strategy makes of a repository's tags: candidates in order, the best first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.images import Tag
    from bot.selection.decision import Explained
    from bot.selection.rule import UpdateKind


class Contest(Protocol):
    """One question, in the eyes of one strategy."""

    @property
    def unfit(self) -> Explained | None:
        """Why the rule does not accept the tag in the file; None where it does, or where nothing stands there."""

    def candidates(self) -> Iterator[Sequence[Tag]]:
        """Give the tags that may be chosen, best first; tags that are equally good come together, best first too.

        Where the tag in the file is fit, only those that are better than it.
        """

    def is_guess(self, tied: Sequence[Tag]) -> bool:
        """Whether to take the first of several tags that are equally good would be to guess."""

    def kind(self, tag: Tag) -> UpdateKind | None:
        """Tell how far it is from the tag in the file to `tag`; None where that cannot be told."""

    def is_newer(self, tag: Tag) -> bool:
        """Whether `tag` is better than the tag in the file, fit or not, as far as they can be compared."""

    def is_better(self, tag: Tag, than: Tag) -> bool:
        """Whether `tag` is better than another one, as far as they can be compared."""

    def takes(self, tag: Tag) -> bool:
        """Whether the rule takes a tag by its name, and it can be compared: it may be one that is not listed."""

    def aside(self, name: str) -> Explained | None:
        """Tell why a tag is no candidate whatever else there is; None when it is one."""

    def compared(self, name: str, selected: Tag) -> Explained | None:
        """Tell how an acceptable tag stands behind the selected one; None where it is before it."""

    def ranked(self) -> Iterable[Tag]:
        """Give all tags, the acceptable ones first, best first."""
