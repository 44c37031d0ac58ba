"""The keys of an image policy: what each takes, what it refuses, and how it says so."""

from datetime import timedelta

import pytest

from bot.images import Platform
from bot.manifests import Mode
from bot.policies import Problem, load
from bot.selection import (
    ALL_UPDATES,
    Clock,
    Order,
    PinDigest,
    SelectionRule,
    Strategy,
    TagFilter,
    UpdateKind,
    Variant,
    Versioning,
)

DIGEST = "sha256:" + "a" * 64
NOT_A_DURATION = "is a length of time such as 90s, 5m, 24h, 3d, 2w or 1h30m, not"
STRATEGIES = "is one of alphabetical, digest, newest-build, numerical, semver, not"
UPDATES = "an item of `updates` is one of build, digest, major, minor, patch, not"


def test_a_policy_without_keys_chooses_as_a_rule_without_settings(load_policy):
    policy = load_policy()

    assert policy.rule == SelectionRule()
    assert (policy.poll, policy.mode, policy.workflows) == (timedelta(minutes=5), Mode.AUTO, False)
    assert (policy.grouped_under, policy.credential) == (None, None)


@pytest.mark.parametrize(
    ("written", "poll"),
    [
        ("1m", timedelta(minutes=1)),
        ("60s", timedelta(minutes=1)),
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("24h", timedelta(days=1)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(weeks=2)),
        ("1h30m", timedelta(minutes=90)),
        ("30m1h", timedelta(minutes=90)),
        ("3650d", timedelta(days=3650)),
    ],
)
def test_a_registry_is_asked_at_most_once_a_minute(load_policy, written, poll):
    assert load_policy(f"poll: {written}").poll == poll


@pytest.mark.parametrize(("written", "age"), [("0s", timedelta(0)), ("3d", timedelta(3)), ("'1d12h'", timedelta(1.5))])
def test_a_tag_may_have_to_age(load_policy, written, age):
    assert load_policy(f"min-age: {written}").rule.min_age == age


@pytest.mark.parametrize("strategy", list(Strategy))
def test_there_are_five_strategies(load_policy, strategy):
    assert load_policy(f"strategy: {strategy.value}").rule.strategy is strategy


@pytest.mark.parametrize(
    ("written", "updates"),
    [
        ("[patch]", {UpdateKind.PATCH}),
        ("[patch, minor, patch]", {UpdateKind.PATCH, UpdateKind.MINOR}),
        ("[patch, minor, major, build, digest]", ALL_UPDATES),
    ],
)
def test_updates_name_how_far_a_change_may_go(load_policy, written, updates):
    assert load_policy(f"updates: {written}").rule.updates == updates


@pytest.mark.parametrize("variant", list(Variant))
def test_a_variant_is_kept_or_not(load_policy, variant):
    assert load_policy(f"variant: {variant.value}").rule.variant is variant


@pytest.mark.parametrize("versioning", list(Versioning))
def test_tags_are_read_in_four_versionings(load_policy, versioning):
    assert load_policy(f"versioning: {versioning.value}\nrange: 1.x").rule.versioning is versioning


@pytest.mark.parametrize("clock", list(Clock))
def test_the_newest_build_is_told_by_one_of_three_clocks(load_policy, clock):
    assert load_policy(f"strategy: newest-build\nclock: {clock.value}").rule.clock is clock


@pytest.mark.parametrize("tag", ["latest", "1.10", "on", "_x", "5"])
def test_a_tag_is_tracked_by_its_text(load_policy, tag):
    assert load_policy(f"strategy: digest\ntrack: {tag}").rule.track == tag


@pytest.mark.parametrize("strategy", ["alphabetical", "numerical"])
@pytest.mark.parametrize("order", list(Order))
def test_an_order_has_two_ends(load_policy, strategy, order):
    assert load_policy(f"strategy: {strategy}\norder: {order.value}").rule.order is order


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{pattern: ^main-}", TagFilter("^main-")),
        ("{pattern: '^v(.*)$', extract: $1}", TagFilter("^v(.*)$", "$1")),
        ("{pattern: '^(?P<ts>[0-9]+)$', extract: '${ts}'}", TagFilter("^(?P<ts>[0-9]+)$", "${ts}")),
        ("{pattern: '^(?P<ts>[0-9]+)$', extract: '$0.$1.$ts.$$5'}", TagFilter("^(?P<ts>[0-9]+)$", "$0.$1.$ts.$$5")),
        ("{pattern: 5, extract: 1}", TagFilter("5", "1")),
    ],
)
def test_a_filter_has_a_pattern_and_perhaps_a_template(load_policy, written, meant):
    assert load_policy(f"filter: {written}").rule.filter == meant


@pytest.mark.parametrize("written", ["5.0.3", "1.10", "latest", DIGEST, "sha512:" + "0" * 128])
def test_a_pin_is_a_tag_or_a_digest(load_policy, written):
    assert load_policy(f"pin: {written}").rule.pin == written


@pytest.mark.parametrize("strategy", list(Strategy))
def test_a_pin_may_stand_beside_every_strategy(load_policy, strategy):
    assert load_policy(f"strategy: {strategy.value}\npin: 5.0.3").rule.pin == "5.0.3"


@pytest.mark.parametrize("written", list(PinDigest))
def test_a_digest_is_written_beside_the_tag_or_not(load_policy, written):
    assert load_policy(f"pin-digest: {written.value}").rule.pin_digest is written


def test_a_credential_has_a_name(load_policy):
    assert load_policy("credential: ghcr-my_org.2").credential == "ghcr-my_org.2"


def test_update_says_which_files_and_which_places_in_them(load_policy):
    policy = load_policy("update: {paths: [a, '!b'], mode: markers, workflows: true}")

    assert (policy.paths, policy.mode, policy.workflows) == (("a", "!b"), Mode.MARKERS, True)


def test_platforms_are_a_set(load_policy):
    platforms = load_policy("platforms: [linux/arm64, linux/arm/v7]").rule.platforms

    assert platforms == {Platform("linux", "arm64"), Platform("linux", "arm", "v7")}


def test_every_key_may_stand_under_defaults_and_is_laid_key_by_key(load_policy):
    top = """\
        defaults:
          poll: 1h
          strategy: numerical
          updates: [patch]
          variant: any
          versioning: calver
          clock: created
          track: main
          order: desc
          filter: {pattern: a(.), extract: $1}
          min-age: 3d
          pin: "1"
          pin-digest: always
          credential: c
          update: {paths: [a], mode: markers, workflows: true}
        """
    policy = load_policy("update: {mode: auto}\norder: asc", top=top)

    assert policy.rule == SelectionRule(
        strategy=Strategy.NUMERICAL,
        updates=frozenset({UpdateKind.PATCH}),
        variant=Variant.ANY,
        versioning=Versioning.CALVER,
        clock=Clock.CREATED,
        track="main",
        order=Order.ASCENDING,
        filter=TagFilter("a(.)", "$1"),
        min_age=timedelta(days=3),
        pin="1",
        pin_digest=PinDigest.ALWAYS,
    )
    assert (policy.poll, policy.credential) == (timedelta(hours=1), "c")
    assert (policy.paths, policy.mode, policy.workflows) == (("a",), Mode.AUTO, True)


def test_a_filter_takes_the_place_of_the_whole_one_under_defaults(load_policy):
    policy = load_policy("filter: {pattern: b}", top="defaults: {filter: {pattern: a(.), extract: $1}}")

    assert policy.rule.filter == TagFilter("b")


REFUSED = [
    ("poll: 30s", 11, "`poll` is at least 1m, not '30s'"),
    ("poll: 5", 11, f"`poll` {NOT_A_DURATION} '5'"),
    ("poll: 1.5h", 11, f"`poll` {NOT_A_DURATION} '1.5h'"),
    ("poll: 5 m", 11, f"`poll` {NOT_A_DURATION} '5 m'"),
    ("poll: 5min", 11, f"`poll` {NOT_A_DURATION} '5min'"),
    ("poll: -5m", 11, f"`poll` {NOT_A_DURATION} '-5m'"),
    ("poll: ''", 11, f"`poll` {NOT_A_DURATION} ''"),
    ("poll: \u0665m", 11, f"`poll` {NOT_A_DURATION} '\u0665m'"),
    (f"poll: {'1m' * 26}", 11, f"`poll` {NOT_A_DURATION} '{'1m' * 26}'"),
    ("min-age: 3650d1s", 14, "`min-age` is at most ten years (3650d), not '3650d1s'"),
    (f"min-age: {'9' * 40}d", 14, f"`min-age` is at most ten years (3650d), not '{'9' * 40}d'"),
    ("strategy: semvre", 15, f"`strategy` {STRATEGIES} 'semvre'; did you mean `semver`?"),
    ("strategy: newest", 15, f"`strategy` {STRATEGIES} 'newest'"),
    ("updates: []", 14, "`updates` is empty; name something or leave the key out"),
    ("updates: patch", 14, "`updates` is a list"),
    ("updates: [pathc]", 15, f"{UPDATES} 'pathc'; did you mean `patch`?"),
    ("updates: [patch, all]", 22, f"{UPDATES} 'all'"),
    ("variant: same", 14, "`variant` is one of any, keep, not 'same'"),
    ("versioning: calendar", 17, "`versioning` is one of build, calver, four-part, semver, not 'calendar'"),
    ("filter: main", 13, "`filter` is a mapping of keys"),
    ("filter: {extract: a}", 13, "`pattern` is missing"),
    ("filter: {pattern: (}", 23, "`pattern` will not do: '(' is not a pattern: RE2 says: 'missing ): ('"),
    ("filter: {pattern: a, extrct: b}", 26, "`extrct` is not a key of `filter`; did you mean `extract`?"),
    ("pin: a b", 10, "`pin` cannot be a tag: 'a b'; a tag is up to 128 letters, digits, `_`, `.` and `-`"),
    (
        "pin: sha256:abc",
        10,
        "`pin` is a tag or a digest (sha256:...), not 'sha256:abc': a sha256 digest has 64 digits, this one has 3",
    ),
    ("pin-digest: sometimes", 17, "`pin-digest` is one of always, if-not-present, never, not 'sometimes'"),
    (
        "credential: a/b",
        17,
        "`credential` is the name of a credential: letters, digits, `.`, `_` and `-`, not 'a/b'",
    ),
    ("exclude: ['']", 15, "an item of `exclude` is a pattern, and this one is empty"),
    ("filter: {pattern: ''}", 23, "`pattern` is a pattern, and this one is empty"),
    ("update: {paths: ['']}", 22, "an item of `paths` is a glob of 1 to 500 printable characters, not ''"),
    ("update: {mode: manual}", 20, "`mode` is one of auto, markers, not 'manual'"),
    ("update: {workflows: 1}", 25, "`workflows` is true or false, without quotes"),
    ("group: a b", 12, "`group` is written in letters, digits, `.`, `_`, `-`, at most 255, not 'a b'"),
]


@pytest.mark.parametrize(("keys", "column", "message"), REFUSED)
def test_what_a_key_refuses_is_told_at_its_place(problem_with, keys, column, message):
    problem = problem_with(keys)

    assert (problem.line, problem.column, problem.message) == (4, column, message)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            "strategy: newest-build\nclock: pushed",
            "`clock` is one of created, first-seen, push, not 'pushed'; did you mean `push`?",
        ),
        (
            "strategy: digest\ntrack: a/b",
            "`track` cannot be a tag: 'a/b'; a tag is up to 128 letters, digits, `_`, `.` and `-`",
        ),
        ("strategy: numerical\norder: up", "`order` is one of asc, desc, not 'up'"),
    ],
)
def test_what_the_key_of_a_strategy_refuses_is_told_at_its_place(problem_with, keys, message):
    problem = problem_with(keys)

    assert (problem.line, problem.column, problem.message) == (5, 12, message)


@pytest.mark.parametrize(
    ("image", "name", "repository"),
    [
        ("ghcr.io/my-org/*", "*", "my-org/*"),
        ("ghcr.io/my-org/app-*", "app-*", "my-org/app-*"),
        ("ghcr.io/my-org/v?-*x", "v?-*x", "my-org/v?-*x"),
        ("'*'", "*", "library/*"),
        ("localhost:5000/*", "*", "*"),
    ],
)
def test_the_last_segment_of_an_image_may_be_a_glob(load_policy, image, name, repository):
    policy = load_policy(image=image)

    assert policy.is_pattern
    assert (policy.name, policy.image.repository) == (name, repository)
    assert str(policy.image) == image.strip("'")


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("'gh*.io/o/app'", "`image` may hold `*` and `?` in its last segment only, not 'gh*.io/o/app'"),
        ("'ghcr.io/*/app'", "`image` may hold `*` and `?` in its last segment only, not 'ghcr.io/*/app'"),
        ("'ghcr.io/o/**'", "`image` is a glob of one segment, in which one `*` is enough, not 'ghcr.io/o/**'"),
        (
            "'ghcr.io/o/*:1'",
            "`image` is written without tag and digest, not 'ghcr.io/o/*:1'; which tag it is, the policy decides",
        ),
        (
            "'ghcr.io/O/*'",
            "`image` will not do: 'ghcr.io/O/*' is not an image reference: a repository is written in lower case",
        ),
        (
            "'[a]*'",
            "`image` will not do: '[a]*' is not an image reference: 'library/[a]x' is no repository",
        ),
    ],
)
def test_a_glob_that_is_none_is_a_problem(problems_in, image, message):
    assert problems_in(f"version: 1\nimages:\n  - image: {image}\n") == (Problem(3, 12, "image", message),)


def test_a_thousand_policies_with_common_keys_are_read():
    common = "{poll: 5m, exclude: [a, b], update: {paths: [a], mode: auto}}"
    items = "".join(f"  - {{<<: *common, image: 'r.io/a{number}'}}\n" for number in range(1000))
    text = f"version: 1\ndefaults: {{<<: &common {common}}}\nimages:\n{items}"

    assert len(load(text).images) == 1000
