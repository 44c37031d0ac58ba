"""Keys that cannot hold together, and policies that would write one place: all told at once, each at its place."""

import pytest

from bot.policies import Problem, load

SEMVER = "`strategy: semver`"
BUILD = "`strategy: newest-build`"
ORDERED = "`strategy: alphabetical` or `strategy: numerical`"


@pytest.mark.parametrize(
    ("key", "value", "needed", "strategies"),
    [
        ("range", "1.x", SEMVER, ("newest-build", "digest", "alphabetical", "numerical")),
        ("variant", "any", SEMVER, ("newest-build", "digest", "alphabetical", "numerical")),
        ("versioning", "calver", SEMVER, ("newest-build", "digest", "alphabetical", "numerical")),
        ("clock", "created", BUILD, ("semver", "digest", "alphabetical", "numerical")),
        ("track", "latest", "`strategy: digest`", ("semver", "newest-build", "alphabetical", "numerical")),
        ("order", "desc", ORDERED, ("semver", "newest-build", "digest")),
    ],
)
def test_a_key_of_one_strategy_contradicts_the_others(problem_with, key, value, needed, strategies):
    for strategy in strategies:
        message = f"`{key}` is for {needed}, and this policy has `strategy: {strategy}`; leave one of them out"

        assert problem_with(f"{key}: {value}\nstrategy: {strategy}") == Problem(4, 5, key, message)


@pytest.mark.parametrize("key", ["clock: first-seen", "track: latest", "order: desc"])
def test_without_a_strategy_semver_is_meant(problem_with, key):
    assert problem_with(key).message.endswith("and this policy has `strategy: semver`; leave one of them out")


@pytest.mark.parametrize("key", ["variant: keep", "versioning: semver", "clock: push", "order: asc"])
@pytest.mark.parametrize("strategy", ["semver", "newest-build", "digest", "alphabetical", "numerical"])
def test_what_holds_anyway_may_be_written_beside_every_strategy(load_policy, key, strategy):
    assert load_policy(f"strategy: {strategy}\n{key}")


def test_a_key_under_defaults_that_a_policy_has_no_use_for_is_no_problem(load_policy):
    top = "defaults: {range: 1.x, variant: any, clock: push, track: main, order: desc}"

    assert load_policy("strategy: numerical", top=top).rule.track == "main"


def test_a_strategy_under_defaults_is_that_of_the_policies(problems_in):
    text = "version: 1\ndefaults: {strategy: digest, range: 1.x}\nimages:\n  - {image: a, range: 2.x}\n  - image: b\n"

    (problem,) = problems_in(text)

    assert (problem.line, problem.column, problem.key) == (4, 16, "range")


def test_of_a_strategy_that_there_is_not_nothing_more_is_said(problem_with):
    assert problem_with("clock: push\nstrategy: newest").key == "strategy"


@pytest.mark.parametrize(
    ("written", "column", "message"),
    [
        ("{pattern: '(?P<ts>a)', extract: $tz}", 45, "`extract` names the group '$tz', and `pattern` has $1, $ts"),
        ("{pattern: '(?P<ts>a)', extract: '${tz}'}", 45, "`extract` names the group '$tz', and `pattern` has $1, $ts"),
        ("{pattern: '(a)(b)', extract: $1x}", 42, "`extract` names the group '$1x', and `pattern` has $1, $2"),
        ("{pattern: '(a)', extract: '$1.$2'}", 39, "`extract` names the group '$2', and `pattern` has $1"),
        ("{pattern: 'a', extract: $1}", 37, "`extract` names the group '$1', and `pattern` has no groups"),
    ],
)
def test_a_template_names_groups_that_its_pattern_has(problem_with, written, column, message):
    assert problem_with(f"filter: {written}") == Problem(4, column, "extract", message)


def test_a_template_under_defaults_is_looked_at_too(problems_in):
    (problem,) = problems_in("version: 1\ndefaults: {filter: {pattern: a, extract: $1}}\n")

    assert (problem.line, problem.key) == (2, "extract")


def test_a_mistake_in_one_policy_hides_none_in_another(problems_in):
    problems = problems_in("""\
        version: 1
        dashbord: true
        images:
          - image: nginx:1
            clock: created
          - image: a/x
          - image: b/x
          - image: c/y
            pull-request: {branch: niro/x}
          - image: c/z
            groop: g
        groups:
          g g: {}
        """)

    assert [(problem.line, problem.key) for problem in problems] == [
        (2, "dashbord"),
        (4, "image"),
        (5, "clock"),
        (7, "name"),
        (9, "branch"),
        (11, "groop"),
        (13, "g g"),
    ]


class TestOnePlace:
    def two(self, one: str = "", other: str = "", image: str = "ghcr.io/o/app") -> str:
        return f"version: 1\nimages:\n  - {{image: {image}{one}}}\n  - {{image: {image}, name: other{other}}}\n"

    def test_is_written_by_one_policy(self, problems_in):
        message = (
            "the policy in line 3 writes the same places: both follow 'ghcr.io/o/app' in files such as 'x.yaml'; "
            "keep one of them, or give them `paths` apart or `mode: markers`"
        )

        assert problems_in(self.two()) == (Problem(4, 5, "paths", message),)

    def test_is_told_at_the_paths(self, problems_in):
        (problem,) = problems_in(self.two(other=", update: {paths: [clusters/prod]}"))

        assert (problem.line, problem.column) == (4, 57)
        assert "in files such as 'clusters/prod/x.yaml'" in problem.message

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("", ", enabled: false"),
            (", enabled: false", ""),
            ("", ", update: {mode: markers}"),
            (", update: {mode: markers}", ""),
            (", update: {paths: [dev/**]}", ", update: {paths: [prod/**]}"),
        ],
    )
    def test_is_written_by_no_one_else(self, one, other):
        assert len(load(self.two(one, other)).images) == 2

    def test_may_be_meant_by_a_glob_too(self, problems_in):
        assert len(problems_in(self.two(image="ghcr.io/o/*"))) == 1

    def test_is_left_by_a_glob_to_the_policy_that_names_the_image(self):
        assert len(load("version: 1\nimages: [{image: o/*}, {image: o/app}]").images) == 2

    def test_is_the_same_however_the_image_is_written(self, problems_in):
        text = "version: 1\nimages: [{image: nginx}, {image: docker.io/library/nginx, name: other}]"

        assert len(problems_in(text)) == 1

    def test_is_one_for_policies_of_a_group_too(self, problems_in):
        assert len(problems_in(self.two(one=", group: g", other=", group: g"))) == 1

    def test_is_told_of_the_first_policy_that_writes_it(self, problems_in):
        text = "version: 1\nimages:\n" + "".join(
            f"  - {{image: a, name: n{number}, update: {{paths: [{path}]}}}}\n"
            for number, path in enumerate(["dev", "prod", "prod/eu", "qa", "dev/x"])
        )

        told = [(problem.line, problem.message.partition(" writes")[0]) for problem in problems_in(text)]
        assert told == [(5, "the policy in line 4"), (7, "the policy in line 3")]
