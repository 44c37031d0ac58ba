"""The verdicts about bumps: which tag should stand, which pull requests to open or close, and when to merge."""

from bot.bumps.boxes import has_boxes, ticked
from bot.bumps.branches import safe_branch
from bot.bumps.changing import Standing, changes, outcome, standing
from bot.bumps.deciding import ByDigest, Decisions, Refusal, Wanted, decide, refusals, wanted
from bot.bumps.describing import PullRequestText, describe
from bot.bumps.differing import Differing, differing
from bot.bumps.expecting import expected
from bot.bumps.laid import Laid, laid_sentence
from bot.bumps.limiting import NotNow, admitted
from bot.bumps.merge_facts import Check, CheckState, Mergeable, MergeFacts, MergeOrder, PullRequestState
from bot.bumps.merge_reasons import MergeReason, MergeVerdict
from bot.bumps.merging import may_merge
from bot.bumps.next_step import InTheWay, next_step
from bot.bumps.outlook import Outlook
from bot.bumps.overlapping import Holder, Touched, clash, touched
from bot.bumps.overview import OVERVIEW_TITLE, LivingBump, Noted, OverviewFacts, overview
from bot.bumps.planning import Close, Keep, Open, PlanItem, Update, plan
from bot.bumps.previewing import Preview, preview
from bot.bumps.reapplying import Reapplied, Stopped, reapply
from bot.bumps.reverting import Reverted, landed, reverted
from bot.bumps.state_block import state_block, with_state
from bot.bumps.stories import may_be_quoted, source, source_named, story
from bot.bumps.surroundings import ImageStory, ShownState, Source, Surroundings
from bot.bumps.trailers import TRAILER, fingerprint_in
from bot.bumps.wishes import Base, Bump, Proposal, fingerprint
from bot.bumps.written import as_written
from bot.safe_text import prose

__all__ = [
    "OVERVIEW_TITLE",
    "TRAILER",
    "Base",
    "Bump",
    "ByDigest",
    "Check",
    "CheckState",
    "Close",
    "Decisions",
    "Differing",
    "Holder",
    "ImageStory",
    "InTheWay",
    "Keep",
    "Laid",
    "LivingBump",
    "MergeFacts",
    "MergeOrder",
    "MergeReason",
    "MergeVerdict",
    "Mergeable",
    "NotNow",
    "Noted",
    "Open",
    "Outlook",
    "OverviewFacts",
    "PlanItem",
    "Preview",
    "Proposal",
    "PullRequestState",
    "PullRequestText",
    "Reapplied",
    "Refusal",
    "Reverted",
    "ShownState",
    "Source",
    "Standing",
    "Stopped",
    "Surroundings",
    "Touched",
    "Update",
    "Wanted",
    "admitted",
    "as_written",
    "changes",
    "clash",
    "decide",
    "describe",
    "differing",
    "expected",
    "fingerprint",
    "fingerprint_in",
    "has_boxes",
    "laid_sentence",
    "landed",
    "may_be_quoted",
    "may_merge",
    "next_step",
    "outcome",
    "overview",
    "plan",
    "preview",
    "prose",
    "reapply",
    "refusals",
    "reverted",
    "safe_branch",
    "source",
    "source_named",
    "standing",
    "state_block",
    "story",
    "ticked",
    "touched",
    "wanted",
    "with_state",
]
