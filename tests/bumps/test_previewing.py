"""What another policy file would do: only what differs is told, and nothing is told as known that is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bumps import Bump, Preview
from bot.selection import Restriction, RestrictionKind
from tests.bumps.outlooks import APP, Change, policy, written
from tests.bumps.situations import AMD64, ARM64, BOTH, digest, pod, tag

DB = "ghcr.io/acme/db"
PINNED = "range: 1.x", "pin-digest: always"
BY_CREATION = "strategy: newest-build", "filter: {pattern: '^[0-9]'}", "clock: created"


@pytest.fixture
def change() -> Change:
    return Change()


@pytest.mark.parametrize(
    "proposed",
    [
        written(policy()),
        "# The same in other words.\n" + written(policy(APP, "name: app", 'range: "1.x"')),
        written(policy(APP, "range: 1.x", "poll: 1h")),
        written(policy(APP, "range: 1.x", "pull-request: {labels: [images], title: Up, auto-merge: true}")),
        written(policy(), top="dashboard: true\n"),
    ],
)
def test_of_a_file_that_moves_no_image_nothing_is_told(change: Change, proposed: str) -> None:
    change.proposed = proposed
    assert not change.preview()
    change.open()
    assert not change.preview()


def test_an_image_that_a_wider_range_moves_is_told_with_its_files(change: Change) -> None:
    change.now, change.tags = written(policy(APP, "range: 1.0.x")), {APP: [tag("1.0.0"), tag("1.1.0")]}
    change.files = {f"{name}.yaml": pod(f"{APP}:1.0.0") for name in "abc"}
    assert change.preview() == Preview(opens=("`ghcr.io/acme/app`: `1.0.0` -> `1.1.0` in 3 files, group `app`",))


def test_an_image_that_comes_under_a_policy_is_told(change: Change) -> None:
    change.now, change.proposed = written(), written(policy())
    assert change.preview().opens == ("`ghcr.io/acme/app`: `1.0.0` -> `1.1.0` in one file, group `app`",)


def test_an_image_without_a_tag_is_told_by_what_comes(change: Change) -> None:
    change.now, change.proposed, change.files = written(), written(policy()), {"app.yaml": pod(APP)}
    change.tags[APP] += [tag("latest")]
    assert change.preview().opens == ("`ghcr.io/acme/app`: to `1.1.0` in one file, group `app`",)


def test_each_tag_that_stands_somewhere_is_told_by_itself(change: Change) -> None:
    change.files["old.yaml"] = pod(f"{APP}:0.9.0")
    change.now, change.tags = written(), {APP: [tag("0.9.0"), tag("1.0.0"), tag("1.1.0")]}
    assert len(change.preview().opens) == 2


def test_an_open_pull_request_moves_to_what_is_wanted_then(change: Change) -> None:
    change.open()
    moved = "#7, group `app`: `ghcr.io/acme/app` `1.0.0` -> `2.0.0` instead of `1.1.0`"
    assert change.preview() == Preview(moves=(moved,))


def test_what_the_file_in_force_brings_as_well_is_not_told(change: Change) -> None:
    change.open()
    change.tags[APP] += [tag("1.2.0")]
    change.proposed = written(policy(APP, "range: 1.2.x"))
    assert not change.preview()


@pytest.mark.parametrize(
    ("proposed", "why"),
    [
        (written(), "The policy is no longer in the policy file."),
        (written(policy(APP, "enabled: false")), "The policy is disabled."),
        (written(policy(APP, "range: 3.x")), "No tag is acceptable in the range 3.x."),
        (written(policy(APP, 'update: {paths: ["elsewhere/**"]}')), "No file uses the image any more."),
    ],
)
def test_a_pull_request_that_would_be_closed_is_told_with_the_reason(change: Change, proposed: str, why: str) -> None:
    change.proposed = proposed
    assert change.preview().closes == ()
    change.open()
    told = change.preview()
    assert (told.opens, told.closes, told.moves) == ((), (f"#7, group `app`: {why}",), ())


@pytest.mark.parametrize(
    ("settings", "why", "where"),
    [
        ("group: all", "The policy is no longer in the policy file.", "group `all`"),
        ("pull-request: {branch: bot/app}", "The policy now names another branch.", "group `app`"),
        (
            "pull-request: {delivery: commit, branch: main}",
            "The policy now asks for commits without a pull request.",
            "as a commit on `main`",
        ),
    ],
)
def test_what_goes_elsewhere_is_closed_here_and_opens_there(
    change: Change, settings: str, why: str, where: str
) -> None:
    change.proposed = written(policy(APP, "range: 1.x", settings))
    change.open()
    told = change.preview()
    assert told.closes == (f"#7, group `app`: {why}",)
    assert told.opens == (f"`ghcr.io/acme/app`: `1.0.0` -> `1.1.0` in one file, {where}",)


@pytest.mark.parametrize("settings", ["{base: release}", "{delivery: commit, branch: release}"])
def test_of_another_branch_nobody_knows_the_files(change: Change, settings: str) -> None:
    change.proposed = written(policy(APP, "range: 1.x", f"pull-request: {settings}"))
    told = change.preview()
    assert told.unknown == ("Group `app`: it goes into `release`, whose files are read after the merge",)
    assert told.opens == ()


def test_what_is_closed_and_what_is_opened_under_both_files_is_not_told(change: Change) -> None:
    change.proposed = written(policy(APP, "range: 1.x", "updates: [minor]"))
    assert not change.preview()
    change.open()
    change.now, change.proposed = written(policy(APP, "range: 3.x")), written()
    assert not change.preview()


def test_an_image_that_joins_an_open_pull_request_or_leaves_it_is_told(change: Change) -> None:
    both = written(policy(APP, "range: 1.x", "group: all"), policy(DB, "range: 1.x", "group: all"))
    one = written(policy(APP, "range: 1.x", "group: all"))
    change.files["db.yaml"], change.tags[DB] = pod(f"{DB}:1.0.0"), [tag("1.0.0"), tag("1.3.0")]
    change.now, change.proposed = one, both
    change.open()
    joined = "#7, group `all`: also `ghcr.io/acme/db` `1.0.0` -> `1.3.0` in one file"
    assert change.preview() == Preview(moves=(joined,))
    change.bumps.clear()
    change.now, change.proposed = both, one
    change.open()
    assert change.preview() == Preview(moves=("#7, group `all`: without `ghcr.io/acme/db`",))


def test_a_file_that_another_policy_of_the_image_takes_over_is_told(change: Change) -> None:
    first = policy(APP, "range: 1.0.x", 'update: {paths: ["*.yaml", "!next.yaml"]}')
    second = policy(APP, "name: next", "range: 1.x", 'update: {paths: ["next.yaml"]}')
    change.files["next.yaml"] = pod(f"{APP}:1.0.0")
    change.now, change.proposed = written(policy(APP, "range: 1.0.x")), written(first, second)
    assert change.preview().opens == ("`ghcr.io/acme/app`: `1.0.0` -> `1.1.0` in one file, group `next`",)


def test_what_people_laid_upon_an_image_holds_under_the_proposed_file(change: Change) -> None:
    change.restrictions = (Restriction(RestrictionKind.HOLD, policy="app", reason="wait"),)
    assert not change.preview()


def test_a_file_that_switches_the_bot_off_opens_and_closes_nothing(change: Change) -> None:
    change.open()
    change.proposed = written(top="enabled: false\n")
    told = change.preview()
    assert (told.opens, told.closes, told.unknown) == ((), (), ())
    assert len(told.moves) == 1
    change.now = change.proposed
    assert not change.preview()


def test_a_file_that_switches_the_bot_on_opens_what_it_asks_for(change: Change) -> None:
    change.now, change.proposed = written(policy(), top="enabled: false\n"), written(policy())
    assert len(change.preview().opens) == 1


def test_without_a_file_in_force_all_is_new(change: Change) -> None:
    change.now = None
    assert len(change.preview().opens) == 1


@pytest.mark.parametrize(
    ("in_use", "candidate", "opens"),
    [
        (BOTH, None, ", if it runs where it has to"),
        (None, BOTH, ""),
        (None, None, ", if it runs where it has to"),
        (BOTH, frozenset({AMD64}), None),
    ],
)
def test_a_candidate_that_nobody_read_is_told_with_a_doubt(change: Change, in_use, candidate, opens) -> None:
    change.now = written()
    change.tags = {APP: [tag("1.0.0", in_use), tag("2.0.0", candidate), tag("0.1.0", frozenset({AMD64, ARM64}))]}
    line = "`ghcr.io/acme/app`: `1.0.0` -> `2.0.0` in one file, group `app`"
    assert change.preview().opens == (() if opens is None else (line + opens,))


def test_an_image_in_use_that_nobody_read_is_taken_to_run_where_all_others_do(change: Change) -> None:
    arm = frozenset({ARM64})
    change.now, change.tags = written(), {APP: [tag("1.0.0", None), tag("0.9.0", arm), tag("2.0.0", arm)]}
    assert len(change.preview().opens) == 1


def test_what_stands_in_a_file_and_is_listed_no_more_is_proposed_nowhere_else(change: Change) -> None:
    first = policy(APP, "range: '*'", 'update: {paths: ["app.yaml"]}')
    second = policy(APP, "name: old", "range: 1.0.x", 'update: {paths: ["old.yaml"]}')
    change.now, change.proposed = written(), written(first, second)
    change.files["old.yaml"], change.tags = pod(f"{APP}:0.9.0"), {APP: [tag("0.9.0"), tag("2.0.0")]}
    assert change.preview().opens == ("`ghcr.io/acme/app`: `1.0.0` -> `2.0.0` in one file, group `app`",)


def test_what_stands_in_a_file_and_is_listed_no_more_keeps_nothing_back(change: Change) -> None:
    change.now, change.tags = written(), {APP: [tag("2.0.0", None)]}
    assert len(change.preview().opens) == 1


def test_a_digest_that_nobody_read_is_told_without_its_letters(change: Change) -> None:
    change.now, change.proposed = written(), written(policy(APP, *PINNED))
    line = "`ghcr.io/acme/app`: `1.0.0` -> `1.1.0` with its digest in one file, group `app`"
    assert change.preview().opens == (line,)


def test_a_digest_that_may_have_moved_stays_unknown(change: Change) -> None:
    change.files = {"app.yaml": pod(f"{APP}:1.1.0@{digest(1)}")}
    change.now, change.proposed = written(), written(policy(APP, *PINNED))
    told = change.preview()
    assert told.opens == ()
    assert len(told.unknown) == 1
    change.tags[APP][1] = tag("1.1.0", digest=digest(2))
    assert len(change.preview().opens) == 1


def test_what_needs_more_than_is_known_is_unknown(change: Change) -> None:
    change.proposed = written(policy(APP, *BY_CREATION))
    told = change.preview()
    assert told.opens == ()
    assert told.unknown == ("`ghcr.io/acme/app`: The time of creation of 1.0.0 is not known yet, and of 2 more.",)


def test_of_an_untold_image_only_its_name_is_told(change: Change) -> None:
    change.open()
    change.untold = {APP: "its tags are not shown"}
    assert change.preview() == Preview(unknown=("`ghcr.io/acme/app`: its tags are not shown",))


def test_an_untold_image_of_a_policy_that_stays_as_it_is_is_not_named(change: Change) -> None:
    change.now = written(policy(APP, "range: 1.x", "group: all"))
    change.proposed = change.now + policy(DB, "range: 1.x", "group: all")
    change.untold = {APP: "its tags are not shown"}
    assert change.preview() == Preview(unknown=("`ghcr.io/acme/db`: no file here uses it",))


def test_an_image_that_no_file_uses_is_told_once_every_file_was_read(change: Change) -> None:
    change.proposed = written(policy(), policy(DB))
    change.is_complete = False
    (line,) = change.preview().unknown
    assert line == "Not all files here have been read yet, so there may be more than this."


def test_a_range_that_no_tag_is_in_is_told(change: Change) -> None:
    change.proposed = written(policy(APP, "range: 9.x"))
    assert change.preview().unknown == ("`ghcr.io/acme/app`: No tag is acceptable in the range 9.x.",)


def test_no_list_is_longer_than_people_read(change: Change) -> None:
    names = [f"ghcr.io/acme/app{number}" for number in range(60)]
    change.now, change.proposed = written(), written(*map(policy, names))
    change.files = {"app.yaml": pod(*(f"{name}:1.0.0" for name in names))}
    change.tags = {name: [tag("1.0.0"), tag("1.1.0")] for name in names}
    opens = change.preview().opens
    assert (len(opens), opens[-1]) == (50, "And 11 more.")


def test_names_of_strangers_are_code(change: Change) -> None:
    change.proposed = written()
    change.bumps = [Bump("`x` @octocat", "niro/x", "main", "head", None, "f1")]
    change.now = None
    assert change.preview().closes == ("Group `` `x` @octocat ``: The policy is no longer in the policy file.",)


IMAGES = [f"ghcr.io/acme/{name}" for name in ("app", "db", "web", "cron")]
WISHES = [
    "range: 1.x",
    "range: '*'",
    "range: 1.0.x",
    "pin: 1.1.0",
    "pin-digest: always",
    "range: 1.x\n    enabled: false",
]
GROUPS = ["update: {mode: auto}", "group: all"]


def of(wanted: dict[str, tuple[str, str]]) -> str:
    return written(*(policy(image, *lines) for image, lines in sorted(wanted.items())))


FILES = st.dictionaries(st.sampled_from(IMAGES), st.tuples(st.sampled_from(WISHES), st.sampled_from(GROUPS))).map(of)


def shop(now: str, proposed: str, *, is_open: bool) -> Change:
    """A repository in which every image stands at 1.0.0, with the pull requests of its file."""
    change = Change()
    change.now, change.proposed = now, proposed
    change.files = {f"{image[-3:]}.yaml": pod(f"{image}:1.0.0") for image in IMAGES}
    tags = [tag(name, digest=digest(number)) for number, name in enumerate(("1.0.0", "1.1.0", "2.0.0"))]
    change.tags = dict.fromkeys(IMAGES, tags)
    if is_open:
        change.open()
    return change


@settings(max_examples=50)
@given(FILES, st.booleans())
def test_a_file_in_place_of_itself_changes_nothing(file: str, is_open: bool) -> None:
    assert not shop(file, file, is_open=is_open).preview()


@settings(max_examples=50)
@given(FILES, FILES)
def test_each_open_pull_request_is_told_of_once_as_closed_or_as_changed(now: str, proposed: str) -> None:
    change = shop(now, proposed, is_open=True)
    preview, wished = change.preview(), shop(now, proposed, is_open=False)
    wished.now, wished.bumps = proposed, []
    wished.open()
    stay = {bump.group: bump for bump in wished.bumps}
    closed = {f"#{bump.pull_request}" for bump in change.bumps if bump.group not in stay}
    changed = {f"#{each.pull_request}" for each in change.bumps if each.group in stay and moves(each, stay[each.group])}
    assert [{line.partition(",")[0] for line in lines} for lines in (preview.closes, preview.moves)] == [
        closed,
        changed,
    ]


def moves(one: Bump, other: Bump) -> bool:
    """Whether two pull requests hold something else."""
    first, second = ({(each.image, each.wanted) for each in bump.proposals} for bump in (one, other))
    return first != second
