"""What the bot remembers: one schema and one set of queries for SQLite and PostgreSQL."""

from bot.store.asking import DueRequest
from bot.store.bumps import BumpRecord, BumpState, OpenBump
from bot.store.columns import check_name, cleaned
from bot.store.decisions import DecisionChange, DecisionRecord
from bot.store.deliveries import Claimed, Deliveries, Delivery, DeliveryState, DeliveryStatus
from bot.store.due import DeadWork, DueCount
from bot.store.errors import (
    InvalidStoreUrl,
    SchemaTooNew,
    StoreClosed,
    StoreError,
    StoreIsLocked,
    StoreUnavailable,
    UnknownOwner,
    UnstorableValue,
)
from bot.store.hooks import Hook, Hooks
from bot.store.index import Follower, ImageUse, IndexedFile, IndexState
from bot.store.installations import Installation
from bot.store.leasing import DueWork
from bot.store.ledger import LedgerTag, ScanState, TagChanges
from bot.store.repositories import Follow, PolicyRecord, Repository
from bot.store.store import Store

__all__ = [
    "BumpRecord",
    "BumpState",
    "Claimed",
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
    "Follow",
    "Follower",
    "Hook",
    "Hooks",
    "ImageUse",
    "IndexState",
    "IndexedFile",
    "Installation",
    "InvalidStoreUrl",
    "LedgerTag",
    "OpenBump",
    "PolicyRecord",
    "Repository",
    "ScanState",
    "SchemaTooNew",
    "Store",
    "StoreClosed",
    "StoreError",
    "StoreIsLocked",
    "StoreUnavailable",
    "TagChanges",
    "UnknownOwner",
    "UnstorableValue",
    "check_name",
    "cleaned",
]
