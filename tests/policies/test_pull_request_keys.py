"""How a change is delivered: the keys of `pull-request` and `groups`, and which branch each policy has."""

import pytest

from bot.policies import AutoMerge, Delivery, MergeMethod, Problem, PullRequestSettings, load
from bot.selection import UpdateKind

TITLE = "Bump {image} from {from} to {to}"
NO_AUTHOR = "`author` is an author as git writes one, Name <email>, of at most 200 characters"
PLACEHOLDERS = "{changes}, {files}, {from}, {image}, {objects}, {to}"


def test_what_is_not_written_has_a_default(load_policy):
    assert load_policy().pull_request == PullRequestSettings("niro/app", None, TITLE, (), None)


def test_every_key_is_read(load_policy):
    keys = """\
        pull-request:
          delivery: commit
          base: main
          branch: staging
          title: "{image}: {from} to {to}"
          commit-message: |
            Bump {image} to {to}

            {from} {changes}
            {objects}\t{files}
          author: "Anna Ö. <anna@acme.example>"
          labels: [a]
          reviewers: [anna, acme/platform-team, niro-bot]
          assignees: [Anna_acme]
          auto-merge: {method: merge, updates: [patch, digest], require-checks: false}
        """

    assert load_policy(keys).pull_request == PullRequestSettings(
        branch="staging",
        base="main",
        title="{image}: {from} to {to}",
        labels=("a",),
        auto_merge=AutoMerge(
            MergeMethod.MERGE, frozenset({UpdateKind.PATCH, UpdateKind.DIGEST}), window=None, require_checks=False
        ),
        delivery=Delivery.COMMIT,
        commit_message="Bump {image} to {to}\n\n{from} {changes}\n{objects}\t{files}\n",
        reviewers=("anna", "acme/platform-team", "niro-bot"),
        assignees=("Anna_acme",),
        author="Anna Ö. <anna@acme.example>",
    )


REFUSED = [
    ("delivery: push", 30, "`delivery` is one of commit, pull-request, not 'push'"),
    ("base: a..b", 26, "`base` cannot be a branch in git: 'a..b'"),
    ("branch: '{nam}'", 28, "`branch` knows the placeholders {name}, not '{nam}'"),
    ("title: '{form}'", 27, "`title` knows the placeholders {from}, {image}, {to}, not '{form}'"),
    ("title: '{changes}'", 27, "`title` knows the placeholders {from}, {image}, {to}, not '{changes}'"),
    ("title: ''", 27, "`title` is one line of at most 256 characters, not ''"),
    ("commit-message: '{change}'", 36, f"`commit-message` knows the placeholders {PLACEHOLDERS}, not '{{change}}'"),
    ("commit-message: ' '", 36, "`commit-message` is a message of at most 10000 printable characters, not ' '"),
    (
        'commit-message: "a\\x07"',
        36,
        "`commit-message` is a message of at most 10000 printable characters, not 'a\\x07'",
    ),
    ("author: Anna", 28, f"{NO_AUTHOR}, not 'Anna'"),
    ("author: a@b.example", 28, f"{NO_AUTHOR}, not 'a@b.example'"),
    ("author: <a@b.example>", 28, f"{NO_AUTHOR}, not '<a@b.example>'"),
    ("author: ' A <a@b.example>'", 28, f"{NO_AUTHOR}, not ' A <a@b.example>'"),
    ("author: A <a>", 28, f"{NO_AUTHOR}, not 'A <a>'"),
    ("author: A <a@b@c>", 28, f"{NO_AUTHOR}, not 'A <a@b@c>'"),
    ("author: A <B> <a@b>", 28, f"{NO_AUTHOR}, not 'A <B> <a@b>'"),
    ("author: A <a@b> C", 28, f"{NO_AUTHOR}, not 'A <a@b> C'"),
    ('author: "A\\nNiro-Bump: x <a@b>"', 28, f"{NO_AUTHOR}, not 'A\\nNiro-Bump: x <a@b>'"),
    ('author: "A <a@b>\\n"', 28, f"{NO_AUTHOR}, not 'A <a@b>\\n'"),
    ("reviewers: anna", 31, "`reviewers` is a list"),
    (
        "reviewers: ['@anna']",
        32,
        "an item of `reviewers` is a login, or a team written as organisation/team, not '@anna'",
    ),
    (
        "reviewers: [a/b/c]",
        32,
        "an item of `reviewers` is a login, or a team written as organisation/team, not 'a/b/c'",
    ),
    ("assignees: [acme/team]", 32, "an item of `assignees` is a login, not 'acme/team'"),
    ("assignees: [a,b,c,d,e,f,g,h,i,j,k]", 31, "`assignees` holds too many items"),
    ("auto-merge: maybe", 32, "`auto-merge` is true, false or a mapping of keys"),
    ("auto-merge: {updates: []}", 42, "`updates` is empty; name something or leave the key out"),
    (
        "auto-merge: {updates: [large]}",
        43,
        "an item of `updates` is one of build, digest, major, minor, patch, not 'large'",
    ),
    ("auto-merge: {require-checks: 'yes'}", 49, "`require-checks` is true or false, without quotes"),
]


@pytest.mark.parametrize(("keys", "column", "message"), REFUSED)
def test_what_a_key_refuses_is_told_at_its_place(problem_with, keys, column, message):
    problem = problem_with(f"pull-request: {{{keys}}}")

    assert (problem.line, problem.column, problem.message) == (4, column, message)


def test_an_author_has_at_most_200_characters(load_policy, problem_with):
    longest = f"{'a' * 186} <a@acme.example>"[-200:]
    assert load_policy(f"pull-request: {{author: {longest}}}").pull_request.author == longest
    assert problem_with(f"pull-request: {{author: a{longest}}}").key == "author"


class TestGroups:
    def test_share_settings_laid_over_the_defaults(self):
        text = """\
version: 1
defaults: {pull-request: {base: next, labels: [all], auto-merge: true}}
images:
  - {image: a/x, group: backend}
  - {image: a/y, group: backend}
  - {image: a/z}
groups:
  backend: {labels: [backend], auto-merge: false, author: A <a@b>}
"""
        x, y, z = load(text).images

        assert x.pull_request == y.pull_request
        assert x.pull_request == PullRequestSettings(
            "niro/backend", "next", TITLE, ("backend",), None, author="A <a@b>"
        )
        assert (x.group, y.group, z.group) == ("backend", "backend", "z")
        assert (x.grouped_under, z.grouped_under) == ("backend", None)
        assert z.pull_request == PullRequestSettings("niro/z", "next", TITLE, ("all",), AutoMerge())

    def test_need_not_be_defined(self, load_policy):
        assert load_policy("group: backend").pull_request.branch == "niro/backend"

    def test_may_be_given_by_the_defaults(self, load_policy):
        policy = load_policy(top="defaults: {group: all, pull-request: {branch: 'b/{name}/x'}}")

        assert (policy.group, policy.pull_request.branch) == ("all", "b/all/x")

    def test_have_a_branch_of_their_own_or_one_named_for_them(self):
        text = "version: 1\nimages: [{image: a, group: g}, {image: b, group: 'x:h'}]\ngroups: {g: {branch: mine}}"

        assert [policy.pull_request.branch for policy in load(text).images] == ["mine", "niro/x-h"]

    def test_may_hold_globs_of_images(self):
        (policy,) = load("version: 1\nimages: [{image: a/*, group: g}]").images

        assert policy.pull_request.branch == "niro/g"

    def test_and_settings_of_ones_own_contradict(self, problem_with):
        message = "`pull-request` is for policies without a group; write these keys under `groups`, `backend`"

        assert problem_with("group: backend\npull-request: {labels: [a]}") == Problem(5, 5, "pull-request", message)

    def test_of_the_defaults_and_settings_of_ones_own_contradict(self, problems_in):
        text = "version: 1\ndefaults: {group: g}\nimages:\n  - image: nginx\n    pull-request: {}\n"

        (problem,) = problems_in(text)

        assert (problem.line, problem.column, problem.key) == (5, 5, "pull-request")

    @pytest.mark.parametrize("groups", ["groups: {web: {}}", "defaults: {}"])
    def test_are_never_named_as_a_policy_outside_them(self, problems_in, groups):
        text = f"version: 1\n{groups}\nimages:\n  - {{image: a/x, group: web}}\n  - image: a/web\n"

        message = "`web` is the name of a group, and this policy is not of it; give one another name"
        assert Problem(5, 5, "name", message) in problems_in(text)

    def test_may_be_named_as_a_policy_in_them(self, load_policy):
        assert load_policy("group: app").group == "app"

    @pytest.mark.parametrize(
        ("groups", "problem"),
        [
            ("[]", Problem(2, 9, "groups", "`groups` is a mapping of keys")),
            ("{g: x}", Problem(2, 13, "g", "`g` is a mapping of keys")),
            ("{g: {lables: [a]}}", Problem(2, 14, "lables", "`lables` is not a key of `g`; did you mean `labels`?")),
            (
                "{g: {auto-merge: {metod: x}}}",
                Problem(2, 27, "metod", "`metod` is not a key of `auto-merge`; did you mean `method`?"),
            ),
            (
                "{title: {lables: [a]}}",
                Problem(2, 18, "lables", "`lables` is not a key of `title`; did you mean `labels`?"),
            ),
            (
                "{a b: {}}",
                Problem(2, 10, "a b", "the name of a group is written in letters, digits, `.`, `_`, `-`, not 'a b'"),
            ),
            ("{g: {branch: a..b}}", Problem(2, 22, "branch", "`branch` cannot be a branch in git: 'a..b'")),
        ],
    )
    def test_are_checked(self, problems_in, groups, problem):
        assert problems_in(f"version: 1\ngroups: {groups}\n") == (problem,)


class TestBranches:
    def test_of_two_policies_differ(self, problems_in):
        (problem,) = problems_in("""\
            version: 1
            images:
              - image: a/x
              - image: a/y
                pull-request: {branch: niro/x}
            """)

        assert problem == Problem(5, 28, "branch", "`x` in line 3 has the branch 'niro/x' too")

    def test_of_a_group_and_a_policy_differ(self, problems_in):
        (problem,) = problems_in("""\
            version: 1
            images:
              - {image: a/x, group: g}
              - {image: a/y, group: g}
              - image: a/z
            groups:
              g:
                branch: niro/z
            """)

        assert problem == Problem(5, 5, "branch", "`g` in line 8 has the branch 'niro/z' too")

    def test_that_is_its_base_is_a_problem_of_a_group_once(self, problems_in):
        (problem,) = problems_in("""\
            version: 1
            images: [{image: a/x, group: g}, {image: a/y, group: g}]
            groups: {g: {branch: main, base: main}}
            """)

        assert problem == Problem(3, 22, "branch", "`branch` and `base` are both 'main'")

    def test_that_commits_go_to_may_be_the_base_and_that_of_others(self):
        text = "version: 1\ndefaults: {pull-request: {delivery: commit, branch: main, base: main}}\n"
        one, other = load(f"{text}images: [{{image: a/x}}, {{image: a/y}}]").images

        assert (one.pull_request.branch, other.pull_request.branch) == ("main", "main")

    def test_that_commits_go_to_is_not_that_of_a_pull_request(self, problems_in):
        (problem,) = problems_in("""\
            version: 1
            images:
              - {image: a/x, pull-request: {delivery: commit, branch: niro/y}}
              - {image: a/y}
            """)

        assert problem == Problem(4, 5, "branch", "`x` in line 3 has the branch 'niro/y' too")

    def test_of_a_glob_is_filled_in_for_each_image(self, load_policy):
        assert load_policy(image="a/*").pull_request.branch == "niro/{name}"

    def test_of_a_glob_differs_from_image_to_image(self, problems_in):
        (problem,) = problems_in("version: 1\nimages:\n  - image: a/*\n    pull-request: {branch: all}\n")

        message = "'all' would be the branch of many images; write {name} in it, or put them in a `group`"
        assert problem == Problem(4, 28, "branch", message)

    def test_of_a_glob_may_be_one_for_commits(self, load_policy):
        policy = load_policy("pull-request: {delivery: commit, branch: main}", image="a/*")

        assert policy.pull_request.branch == "main"

    def test_of_two_globs_may_be_one_template(self):
        text = "version: 1\nimages: [{image: a/*, name: a}, {image: b/*, name: b}]"

        assert {policy.pull_request.branch for policy in load(text).images} == {"niro/{name}"}
