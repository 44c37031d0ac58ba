"""Query plans of promotions: what is asked after each scan and for each image is found by an index."""

import pytest

from bot.store.promotion_runs import columns_of_new
from bot.store.sqlite import SqliteDatabase
from bot.store.tables import promotions
from tests.store.builders import NOW, beginning, begun, event, hook, new_run, report, settle
from tests.store.test_plans import Explained, whole_tables

IMAGE = ("dev.example", "acme/website")


async def noted(store):
    """Note the same twice about a run, and read it."""
    (run,) = await store.promotions.of(10, "to-qa", limit=1)
    for _ in range(2):
        await store.promotions.note(run.id, event())
    await store.promotions.events(run.id)


async def claimed(store):
    """Claim a tag that another run claimed before."""
    other = await begun(store, tag="2")
    for run in (other.id, other.id - 1):
        await store.promotions.claim("qa.example", "acme/website", "1.0", run, NOW, NOW)


async def reported(store):
    """Store a report of a hook."""
    await store.hooks.create(hook(), b"x" * 32)
    await store.scan_reports.put(report())


STATEMENTS = {
    "begin": lambda store: store.promotions.begin(new_run(tag="2")),
    "beginning": lambda store: store.promotions.beginning(10, "to-qa"),
    "watched": lambda store: store.promotions.watched(10, "to-qa"),
    "watch": lambda store: store.promotions.watch(10, "to-qa", {"1": "sha256:2"}),
    "judged": lambda store: store.promotions.judged(10, "to-qa", *IMAGE),
    "unended": lambda store: store.promotions.unended(10),
    "of_source": lambda store: store.promotions.of_source(*IMAGE),
    "depth_of": lambda store: store.promotions.depth_of("qa.example", "acme/website", "sha256:1", 1),
    "copies_of": lambda store: store.promotions.copies_of(1, "sha256:1"),
    "claim": claimed,
    "told_on": lambda store: store.promotions.told_on(1, 10, "c1"),
    "proposals": lambda store: store.promotions.proposals(10, "to-qa"),
    "of a promotion": lambda store: store.promotions.of(10, "to-qa"),
    "scan_reports": lambda store: store.scan_reports.of(1, *IMAGE, ["sha256:1"]),
    "putting a report": reported,
    "events": noted,
}
MUST_USE = {
    "of_source": "ix_promotions_source",
    "depth_of": "ix_promotions_digest",
    "copies_of": "ix_promotions_digest",
    "told_on": "ix_promotions_commit",
    "putting a report": "ix_scan_reports_installation_at_room",
    "events": "ix_promotion_events_run_row",
}


async def fill(store):
    """Have so many runs of each kind that an index is worth its while, and have the database know."""
    rows = []
    for n in range(500):
        run = new_run(tag=f"{n}", digest=f"sha256:{n:03}", source_image=f"acme/{n}", promotion=f"p{n}")
        rows.append({**columns_of_new(run), "commit": f"c{n:03}", "state": ("done", "denied")[n % 2]})
    await store._database.write(lambda c: c.execute(promotions.insert(), rows) and None)
    if not isinstance(store._database, SqliteDatabase):
        # As PostgreSQL does by itself after a while; SQLite plans without counting.
        await store._database.write(lambda c: c.exec_driver_sql("ANALYZE") and None)


async def plans(store, name):
    """Return each statement that a question asks, with its plan."""
    await settle(store)
    await fill(store)
    await store.promotions.begin_following(beginning())
    await begun(store)
    explained = Explained(store)
    await STATEMENTS[name](store)
    assert explained.plans
    return explained.plans


@pytest.mark.parametrize("name", STATEMENTS)
async def test_no_table_is_read_as_a_whole(store, name):
    assert [(statement, plan) for statement, plan in await plans(store, name) if whole_tables(plan)] == []


@pytest.mark.parametrize("name", MUST_USE)
async def test_what_is_made_for_a_question_is_used_for_it(store, name):
    used = "\n".join(line for _, plan in await plans(store, name) for line in plan)
    assert MUST_USE[name] in used
