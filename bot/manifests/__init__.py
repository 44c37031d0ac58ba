"""Where images stand in files, and how they are edited byte for byte."""

from bot.manifests.editing import Change, Update, update
from bot.manifests.globs import exactly, selects
from bot.manifests.markers.syntax import part_asked, without_part
from bot.manifests.occurrences import Obstacle, Occurrence, Part, Span
from bot.manifests.pull_secrets import PullSecret, add_pull_secrets
from bot.manifests.reading import Manifest, find_images, read_manifest
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.scope import Format, editable, format_of, has_unsafe_path, may_hold_images
from bot.manifests.targets import (
    UNTAGGED,
    Mode,
    Target,
    belongs,
    follows_marker_alone,
    names,
    standing_of,
    stands_at,
    takes_digest,
)

__all__ = [
    "UNTAGGED",
    "Change",
    "Format",
    "Manifest",
    "Mode",
    "Obstacle",
    "Occurrence",
    "Part",
    "PullSecret",
    "SkipReason",
    "Skipped",
    "Span",
    "Target",
    "Update",
    "add_pull_secrets",
    "belongs",
    "editable",
    "exactly",
    "find_images",
    "follows_marker_alone",
    "format_of",
    "has_unsafe_path",
    "may_hold_images",
    "names",
    "part_asked",
    "read_manifest",
    "selects",
    "standing_of",
    "stands_at",
    "takes_digest",
    "update",
    "without_part",
]
