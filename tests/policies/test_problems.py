"""Problems: all at once, each at its line, column and key, saying what to write."""

import pickle

import pytest

from bot.policies import PolicyFileError, Problem, load


def test_all_problems_are_told_at_once_in_the_order_of_the_file(problems_in):
    problems = problems_in("""\
        version: 1
        enabld: true
        images:
          - image: nginx:1.25
            range: 1.y
            min-age: soon
          - name: web
        """)

    assert [(problem.line, problem.column, problem.key) for problem in problems] == [
        (2, 1, "enabld"),
        (4, 12, "image"),
        (5, 12, "range"),
        (6, 14, "min-age"),
        (7, 5, "image"),
    ]


def test_the_error_names_the_file_and_each_place():
    with pytest.raises(PolicyFileError) as caught:
        load("version: 1\nfoo: 1\nbar: 2\n", path="a/b.yml")

    assert str(caught.value) == (
        "a/b.yml: line 2, column 1: `foo` is not a key\na/b.yml: line 3, column 1: `bar` is not a key"
    )


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("rnage: 1.x", "`rnage` is not a key of `images`; did you mean `range`?"),
        ("pull_request: {}", "`pull_request` is not a key of `images`; did you mean `pull-request`?"),
        ("platform: [a]", "`platform` is not a key of `images`; did you mean `platforms`?"),
        ("min-aeg: 3d", "`min-aeg` is not a key of `images`; did you mean `min-age`?"),
        ("zzz: 1", "`zzz` is not a key of `images`"),
        ("update: {path: [a]}", "`path` is not a key of `update`; did you mean `paths`?"),
        ("pull-request: {lables: [a]}", "`lables` is not a key of `pull-request`; did you mean `labels`?"),
        ("pull-request: {auto-merge: {metod: x}}", "`metod` is not a key of `auto-merge`; did you mean `method`?"),
    ],
)
def test_a_slip_of_the_pen_is_met_with_a_suggestion(problem_with, keys, message):
    assert problem_with(keys).message == message


def test_where_few_words_are_allowed_all_are_told(problem_with):
    strategy = problem_with("strategy: semvre").message
    method = problem_with("pull-request: {auto-merge: {method: octopus}}").message

    assert strategy.startswith(
        "`strategy` is one of alphabetical, digest, newest-build, numerical, semver, not 'semvre'"
    )
    assert strategy.endswith("; did you mean `semver`?")
    assert method == "`method` is one of merge, rebase, squash, not 'octopus'"


@pytest.mark.parametrize(
    ("keys", "column", "key", "message"),
    [
        ("range: 1.y", 12, "range", "'1.y' is not a range of versions"),
        ("range: ''", 12, "range", "empty"),
        ("range:", 5, "range", "has no value"),
        ("range: ~", 12, "range", "has no value"),
        ("range: null", 12, "range", "has no value"),
        ("range: [1.x]", 12, "range", "is a text, not a list"),
        ("range: {a: 1}", 12, "range", "is a text, not a list or a mapping"),
        ("name: 'a b'", 11, "name", "written in letters, digits"),
        ("name: a:b:c", 11, "name", "written in letters, digits"),
        ("name: -a", 11, "name", "written in letters, digits"),
        ("enabled: yes", 14, "enabled", "is true or false, without quotes"),
        ("enabled: 'true'", 14, "enabled", "is true or false, without quotes"),
        ("enabled: [true]", 14, "enabled", "is true or false, without quotes"),
        ("exclude: x", 14, "exclude", "is a list"),
        ("exclude: ['(']", 15, "exclude", "'(' is not a pattern"),
        ("exclude: [a, [b]]", 18, "exclude", "is a text"),
        ("platforms: []", 16, "platforms", "is empty"),
        ("platforms: [amd64]", 17, "platforms", "'amd64' is not a platform"),
        ("update: x", 13, "update", "is a mapping of keys"),
        ("update: {paths: []}", 21, "paths", "is empty"),
        ("update: {paths: [../x]}", 22, "paths", "climbs out"),
        ("update: {paths: ['!a/../b']}", 22, "paths", "climbs out"),
        ('update: {paths: ["a\\nb"]}', 22, "paths", "printable"),
        ("pull-request: []", 19, "pull-request", "is a mapping of keys"),
        ("pull-request: {auto-merge: maybe}", 32, "auto-merge", "is true, false or a mapping"),
        ("pull-request: {auto-merge: []}", 32, "auto-merge", "is true, false or a mapping"),
        ("pull-request: {title: 'x {form}'}", 27, "title", "knows the placeholders {from}, {image}, {to}"),
        ("pull-request: {title: '{image.__class__}'}", 27, "title", "knows the placeholders"),
        ('pull-request: {title: "a\\nb"}', 27, "title", "one line"),
        ("pull-request: {title: ' '}", 27, "title", "one line"),
        ("pull-request: {labels: a}", 28, "labels", "is a list"),
        (f"pull-request: {{labels: [{'l' * 51}]}}", 29, "labels", "at most 50"),
        (f"pull-request: {{labels: [{'l,' * 101}]}}", 28, "labels", "too many"),
        ("pull-request: {base: main, branch: main}", 40, "branch", "`branch` and `base` are both 'main'"),
        ("pull-request: {branch: '{nam}'}", 28, "branch", "knows the placeholders {name}"),
    ],
)
def test_each_value_is_checked_where_it_stands(problem_with, keys, column, key, message):
    problem = problem_with(keys)

    assert (problem.line, problem.column, problem.key) == (4, column, key)
    assert message in problem.message
    assert f"`{key}`" in problem.message


def test_a_name_that_makes_no_branch_needs_a_branch_beside_it(problem_with, load_policy):
    problem = problem_with("name: x.lock")

    assert (problem.line, problem.key) == (3, "branch")
    assert "'niro/x.lock' cannot be a branch in git; give it a `branch`" in problem.message
    assert load_policy("name: x.lock\npull-request: {branch: b}").pull_request.branch == "b"


@pytest.mark.parametrize(
    "branch",
    [
        "a..b", "a b", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a\\b", "/a", "a/", "a//b", ".a", "a/.b", "a.lock",
        "a.lock/b", "a.", "@", "a@{b", "-a", "a\tb", "a\x7fb", "é\u202eb", "b" * 201,
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["branch", "base"])
def test_what_git_refuses_as_a_branch_is_a_problem(problem_with, key, branch):
    escaped = branch.replace("\\", "\\\\").replace("\t", "\\t").replace("\x7f", "\\x7f").replace("\u202e", "\\u202e")

    problem = problem_with(f'pull-request: {{{key}: "{escaped}"}}')

    assert problem.key == key
    assert "cannot be a branch in git" in problem.message


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("nginx:1.25", "without tag and digest"),
        ("nginx@sha256:" + "a" * 64, "without tag and digest"),
        ("ghcr.io/Org/App", "lower case"),
        ("'{{ .Values.image }}'", "is not an image reference"),
        ("''", "it is empty"),
        ("", "has no value"),
        ("[nginx]", "is a text"),
    ],
)
def test_an_image_is_a_name_without_a_tag(problems_in, image, message):
    (problem,) = problems_in(f"version: 1\nimages:\n  - image: {image}\n")

    assert problem.line == 3
    assert problem.key == "image"
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("enabled: true\n", Problem(1, 1, "version", "`version` is missing")),
        ("version: 2\n", Problem(1, 10, "version", "`version` is 1; version '2' is not known")),
        ("version: 1.0\n", Problem(1, 10, "version", "`version` is 1; version '1.0' is not known")),
        ("version: 1\nimages: {}\n", Problem(2, 9, "images", "`images` is a list")),
        ("version: 1\nimages:\n", Problem(2, 1, "images", "`images` is a list")),
        ("version: 1\nimages: [x]\n", Problem(2, 10, "images", "an item of `images` is a mapping of keys")),
        ("version: 1\nversion: 1\n", Problem(2, 1, "version", "`version` stands here a second time, first in line 1")),
        ("version: 1\n? [a]\n: 1\n", Problem(2, 3, "", "a key is a text, not a list or a mapping")),
        ("version: 1\n<<: x\n", Problem(2, 1, "<<", "`<<` merges mappings, and this is none")),
        ("version: 1\ndefaults: {image: a}\n", Problem(2, 12, "image", "`image` is not a key of `defaults`")),
        ("", Problem(1, 1, "", "the file is a mapping of keys; begin it with `version: 1`")),
        ("# only a comment\n", Problem(1, 1, "", "the file is a mapping of keys; begin it with `version: 1`")),
        ("- a\n", Problem(1, 1, "", "the file is a mapping of keys; begin it with `version: 1`")),
        ("text\n", Problem(1, 1, "", "the file is a mapping of keys; begin it with `version: 1`")),
    ],
)
def test_the_shape_of_the_file_is_checked(problems_in, text, problem):
    assert problems_in(text) == (problem,)


def test_a_duplicate_key_is_found_at_any_depth(problem_with):
    problem = problem_with("update:\n  paths: [a]\n  paths: [b]\n")

    assert (problem.line, problem.column, problem.key) == (6, 7, "paths")


class TestClashes:
    def test_two_policies_need_two_names(self, problems_in):
        problems = problems_in("version: 1\nimages:\n  - image: a/nginx\n  - image: b/nginx\n")

        message = "the policy in line 3 is named nginx too; give this one another `name`"
        assert problems == (Problem(4, 5, "name", message),)

    def test_a_name_that_was_written_is_where_the_clash_is_told(self, problems_in):
        (problem,) = problems_in("version: 1\nimages:\n  - image: a/x\n  - image: a/y\n    name: x\n")

        assert (problem.line, problem.column) == (5, 11)

    def test_two_policies_need_two_branches(self, problems_in):
        (problem,) = problems_in("""\
            version: 1
            images:
              - image: a/x
              - image: a/y
                pull-request: {branch: niro/x}
            """)

        assert (problem.line, problem.column, problem.key) == (5, 28, "branch")
        assert "line 3 has the branch 'niro/x' too" in problem.message

    def test_the_branch_of_a_promotion_is_no_policys(self, problems_in):
        (problem,) = problems_in("""\
            version: 1
            promotions:
              - {name: to-qa, from: r.example/dev/x, to: r.example/qa/x}
            images:
              - image: a/x
                pull-request: {branch: niro/promotion-to-qa}
              - image: a/promotion-x
            """)

        assert (problem.line, problem.key) == (6, "branch")
        assert "the promotion `to-qa` in line 3 has the branch 'niro/promotion-to-qa'" in problem.message

    def test_names_that_give_one_branch_clash(self, problems_in):
        (problem,) = problems_in("version: 1\nimages:\n  - {image: a/x, name: a:b}\n  - {image: a/y, name: a-b}\n")

        assert problem.key == "branch"

    def test_a_branch_cannot_be_a_folder_of_another(self, problems_in):
        (problem,) = problems_in("""\
            version: 1
            images:
              - image: a/x
                pull-request: {branch: niro/y/z}
              - image: a/y
            """)

        assert problem.line == 4
        assert "git cannot have the branches 'niro/y' (line 5) and 'niro/y/z'" in problem.message


def test_more_problems_than_anyone_reads_are_cut_short(problems_in):
    problems = problems_in("version: 1\n" + "".join(f"key{number}: 1\n" for number in range(500)))

    assert len(problems) == 101
    assert problems[0].key == "key0"
    assert problems[-1].message == "there are more problems than these"


def test_hostile_keys_and_values_are_shown_escaped(problems_in):
    problems = problems_in('version: 1\n"a\\e[31m`b": 1\nimages:\n  - image: "x\\u202e"\n    range: "\\e[0m"\n')

    assert len(problems) == 3
    for problem in problems:
        assert problem.message.isprintable()


@pytest.mark.parametrize(
    "own",
    ["images: [{image: 'nginx:1'}, x]", "images: [{image: a, clock: push}]", "promotions: x", "groups: {a b: {}}"],
)
def test_an_organisations_mistakes_in_its_own_policies_are_no_problem_elsewhere(own):
    assert len(load("version: 1\nimages: [{image: nginx}]", organisation=f"version: 1\n{own}").images) == 1


def test_a_refusal_can_be_told_to_another_process():
    with pytest.raises(PolicyFileError) as refused:
        load("version: 2\nimages: [{image: nginx:1}]\n", "policies.yml")

    told = pickle.loads(pickle.dumps(refused.value))
    assert (told.path, told.problems, str(told)) == (refused.value.path, refused.value.problems, str(refused.value))
