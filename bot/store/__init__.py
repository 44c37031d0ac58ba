"""What the bot remembers: one schema and one set of queries for SQLite and PostgreSQL."""

from bot.store.asking import DueRequest
from bot.store.bumps import BumpRecord, BumpState, OpenBump
from bot.store.columns import check_name, cleaned
from bot.store.comments import CommentState
from bot.store.dashboards import Dashboard
from bot.store.decisions import DecisionChange, DecisionRecord
from bot.store.deliveries import Claimed, Deliveries, Delivery, DeliveryState, DeliveryStatus
from bot.store.describing import PushedAgain
from bot.store.due import DeadWork, DueCount
from bot.store.errors import (
    CannotOpen,
    CredentialExists,
    InvalidKeys,
    InvalidStoreUrl,
    MissingKeys,
    NoKey,
    SchemaTooNew,
    StoreClosed,
    StoreError,
    StoreIsLocked,
    StoreUnavailable,
    UnknownOwner,
    UnstorableValue,
)
from bot.store.findings import SaidFinding
from bot.store.following import Follower
from bot.store.hooks import Hook, Hooks, OpenedHook
from bot.store.index import ImageUse, IndexedFile, IndexState
from bot.store.installations import Installation
from bot.store.leasing import DueWork
from bot.store.ledger import LedgerTag, TagChanges
from bot.store.notes import GroupNote, NoteKind
from bot.store.openings import COUNTED
from bot.store.orders import MergeOrderRecord
from bot.store.promotion_events import EventKind, PromotionEvent
from bot.store.promotion_following import Beginning, NewestRun
from bot.store.promotion_proposals import LastProposal
from bot.store.promotion_runs import NewRun, PromotionRun, RunState, UnendedRun
from bot.store.pushes import Push
from bot.store.repositories import Follow, PolicyRecord, Reported, Repository
from bot.store.resealing import Resealed
from bot.store.restrictions import RestrictionRecord
from bot.store.reviews import ReviewRecord
from bot.store.scan_reports import ScanReportRecord
from bot.store.scans import PollState, ScanState
from bot.store.sealing import EMPTY, Keyring, new_key
from bot.store.store import Store
from bot.store.stored_credential import StoredCredential

__all__ = [
    "COUNTED",
    "EMPTY",
    "Beginning",
    "BumpRecord",
    "BumpState",
    "CannotOpen",
    "Claimed",
    "CommentState",
    "CredentialExists",
    "Dashboard",
    "DeadWork",
    "DecisionChange",
    "DecisionRecord",
    "Deliveries",
    "Delivery",
    "DeliveryState",
    "DeliveryStatus",
    "DueCount",
    "DueRequest",
    "DueWork",
    "EventKind",
    "Follow",
    "Follower",
    "GroupNote",
    "Hook",
    "Hooks",
    "ImageUse",
    "IndexState",
    "IndexedFile",
    "Installation",
    "InvalidKeys",
    "InvalidStoreUrl",
    "Keyring",
    "LastProposal",
    "LedgerTag",
    "MergeOrderRecord",
    "MissingKeys",
    "NewRun",
    "NewestRun",
    "NoKey",
    "NoteKind",
    "OpenBump",
    "OpenedHook",
    "PolicyRecord",
    "PollState",
    "PromotionEvent",
    "PromotionRun",
    "Push",
    "PushedAgain",
    "Reported",
    "Repository",
    "Resealed",
    "RestrictionRecord",
    "ReviewRecord",
    "RunState",
    "SaidFinding",
    "ScanReportRecord",
    "ScanState",
    "SchemaTooNew",
    "Store",
    "StoreClosed",
    "StoreError",
    "StoreIsLocked",
    "StoreUnavailable",
    "StoredCredential",
    "TagChanges",
    "UnendedRun",
    "UnknownOwner",
    "UnstorableValue",
    "check_name",
    "cleaned",
    "new_key",
]
