"""Query plans: what is asked for each poll and each page of tags is found by an index, on both databases."""

import re

import pytest
from sqlalchemy import event

from bot.store import Follow, Push
from bot.store.sqlite import SqliteDatabase
from tests.store.builders import NOW, settle

IMAGE = ("ghcr.io", "acme/app")

STATEMENTS = {
    "poll_state": lambda store: store.ledger.poll_state(*IMAGE, "c-1"),
    "scan_state": lambda store: store.ledger.scan_state(*IMAGE, "c-1"),
    "scanned": lambda store: store.ledger.scanned(*IMAGE, NOW, None, "c-1"),
    "digests": lambda store: store.ledger.digests(*IMAGE, "c-1", ["1.0"]),
    "tags": lambda store: store.ledger.tags(*IMAGE, "c-1"),
    "record": lambda store: store.ledger.record(*IMAGE, ["1.1"], NOW, "c-1"),
    "describe": lambda store: store.ledger.describe(*IMAGE, "1.0", "sha256:2", None, "c-1"),
    "note_pushes": lambda store: store.ledger.note_pushes(*IMAGE, "c-1", [Push("1.0", None, NOW)]),
    "pushed": lambda store: store.ledger.pushed(*IMAGE, Push("a", "sha256:1", NOW)),
    "pushed_again": lambda store: store.ledger.pushed_again(*IMAGE, "c-1"),
    "forget_reader": lambda store: store.ledger.forget_reader("c-1"),
    "followers": lambda store: store.index.followers(*IMAGE, "c-1"),
    "followers of all": lambda store: store.index.followers(*IMAGE),
    "readers": lambda store: store.index.readers(*IMAGE),
    "polled": lambda store: store.index.polled(*IMAGE, "c-1"),
    "followed by an installation": lambda store: store.index.followed_images(1),
}
MUST_USE = {
    "poll_state": {"ix_follows_host_image_reader"},
    "polled": {"ix_follows_host_image_reader"},
    "followers": {"ix_follows_host_image_reader"},
    "readers": {"ix_follows_host_image_reader"},
    "pushed_again": {"ix_tags_pushed_again"},
    "forget_reader": {
        "ix_tags_credential",
        "ix_tag_digests_credential",
        "ix_images_credential",
        "ix_decisions_reader",
        "ix_decision_history_reader",
    },
}


async def filled(store):
    """Have rows of each kind, so that each statement is run, and enough of what grows."""
    await settle(store)
    others = [Follow(f"p{number}", "ghcr.io", f"acme/{number}") for number in range(500)]
    await store.repositories.follow(10, [Follow("app", *IMAGE, "c-1"), *others])
    await store.ledger.record(*IMAGE, ["1.0"], NOW, "c-1")
    await store.ledger.describe(*IMAGE, "1.0", "sha256:1", None, "c-1", seen_at=NOW)
    await store.ledger.scanned(*IMAGE, NOW, None, "c-1", watched=["1.0"])
    await store.ledger.record(*IMAGE, ["1.0", *(f"v{number}" for number in range(500))], NOW, "c-1")
    if not isinstance(store._database, SqliteDatabase):
        # As PostgreSQL does by itself after a while; SQLite plans without counting.
        await store._database.write(lambda c: c.exec_driver_sql("ANALYZE") and None)


def engines(store):
    database = store._database
    if isinstance(database, SqliteDatabase):
        return [database.writing_engine, database._reading_engine]
    return [database._engine.sync_engine, database._reading_engine.sync_engine]


class Explained:
    """Collects the plan of every statement that runs."""

    def __init__(self, store):
        self.plans = []
        for engine in engines(store):
            event.listen(engine, "before_cursor_execute", self._explain)

    def _explain(self, connection, _cursor, statement, parameters, _context, executemany):
        if not re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)", statement):
            return
        plain = connection.connection.dbapi_connection.cursor()
        given = parameters[0] if executemany else parameters
        if connection.dialect.name == "sqlite":
            rows = plain.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
            self.plans.append((statement, [row[-1] for row in rows]))
        else:
            cursor = connection.connection.cursor()
            # With so few rows it would read the whole table, were it not told that this is dear.
            cursor.execute("SET enable_seqscan = off")
            cursor.execute("SET enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {statement}", given)
            self.plans.append((statement, [row[0] for row in cursor.fetchall()]))


def whole_tables(plan):
    """Return the lines of a plan that read a whole table."""
    return [line for line in plan if re.search(r"Seq Scan|^SCAN (?!CONSTANT|one\b|anon|\d)(?!.* USING .*INDEX)", line)]


@pytest.mark.parametrize("name", STATEMENTS)
async def test_no_table_is_read_as_a_whole(store, name):
    await filled(store)
    explained = Explained(store)
    await STATEMENTS[name](store)
    assert explained.plans
    assert [(statement, plan) for statement, plan in explained.plans if whole_tables(plan)] == []


@pytest.mark.parametrize("name", MUST_USE)
async def test_what_is_made_for_a_question_is_used_for_it(store, name):
    await filled(store)
    explained = Explained(store)
    await STATEMENTS[name](store)
    lines = "\n".join(line for _, plan in explained.plans for line in plan)
    assert {index for index in MUST_USE[name] if index not in lines} == set()
