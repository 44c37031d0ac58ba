"""Why an image that was found is not edited: what several rooms say in the same words."""

from __future__ import annotations

from typing import Final

from bot.manifests.occurrences import Obstacle
from bot.manifests.reasons import SkipReason

NO_TAG: Final = Obstacle(SkipReason.NO_TAG, "no tag is written here, so there is none to move")
NO_DIGEST: Final = Obstacle(SkipReason.NO_PLACE_FOR_DIGEST, "the marker asks for the digest, and none is written here")
NO_VERSION: Final = Obstacle(SkipReason.MARKER_NOT_UNDERSTOOD, "no version to move stands in this value")
NAME_OF_WHOLE: Final = Obstacle(
    SkipReason.MARKER_NOT_UNDERSTOOD, "the marker asks for the name only, and a whole image stands here"
)
DIFFERENT_POLICIES: Final = Obstacle(
    SkipReason.MARKER_NOT_UNDERSTOOD, "the parts of this image are marked for different policies"
)
TWO_MARKERS: Final = Obstacle(
    SkipReason.MARKER_NOT_UNDERSTOOD, "two markers stand beside one value, so none counts; leave one of them"
)
DIGEST_BESIDE: Final = Obstacle(SkipReason.PINNED_TO_DIGEST, "only the tag is marked, and a digest stands beside it")
ESCAPED: Final = Obstacle(
    SkipReason.ESCAPED, "the value is written with escapes or over several lines, not as it reads"
)
TEMPLATE: Final = Obstacle(SkipReason.TEMPLATE, "the value is a template, not an image")
