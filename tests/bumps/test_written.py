"""Of a wish is told what came into the files."""

from __future__ import annotations

from bot.bumps import as_written
from bot.manifests import update
from tests.bumps.situations import pod, tag

SHARED = b"a: {image: {repository: ghcr.io/acme/app, tag: &tag 0.9.0}}\nb: {image: {repository: nginx, tag: *tag}}\n"


def told(situation):
    (item,) = situation.plan()
    changes = update(situation.files, item.targets).changes
    return item, as_written(item, changes, situation.occurrences)


def test_all_of_a_wish_that_was_written_is_told(situation):
    situation.tags["ghcr.io/acme/app"].append(tag("0.9.0"))
    situation.files["b.yaml"] = b'V: APP_VERSION=0.9.0 # {"$imagepolicy": "app"}'
    item, written = told(situation)
    assert len(item.proposals) == 2
    assert written == item


def test_a_proposal_of_which_nothing_was_written_is_not_told(situation):
    situation.tags["ghcr.io/acme/app"].append(tag("0.9.0"))
    situation.files["b.yaml"] = SHARED
    item, written = told(situation)
    assert [each.current for each in item.proposals] == ["0.9.0", "1.0.0"]
    assert [each.current for each in written.proposals] == ["1.0.0"]
    assert written.fingerprint == item.fingerprint


def test_what_another_policy_wrote_at_the_same_tag_is_not_told_of_this_one(situation):
    situation.policies += "  - {image: ghcr.io/acme/web, range: 1.x, pull-request: {branch: niro/web}}\n"
    situation.tags["ghcr.io/acme/web"] = situation.tags["ghcr.io/acme/app"]
    situation.files = {"app.yaml": pod("ghcr.io/acme/app:1.0.0"), "web.yaml": pod("ghcr.io/acme/web:1.0.0")}
    app, web = situation.plan()
    changes = update(situation.files, web.targets).changes
    assert as_written(app, changes, situation.occurrences).proposals == ()
    assert as_written(web, changes, situation.occurrences) == web
