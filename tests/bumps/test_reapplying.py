"""A person committed to the bot's branch: the bot's own values go on top, and nothing else is touched."""

from __future__ import annotations

import pytest

from bot.bumps import Reapplied, Stopped, reapply
from bot.manifests import update
from tests.bumps.situations import digest, pod, tag

APP, WEB = "ghcr.io/acme/app", "ghcr.io/acme/web"


class Branch:
    """A bump is open, then a newer tag comes; what stands on the branch is for the test to say."""

    def __init__(self, situation) -> None:
        self.situation = situation
        self.head = {**situation.files, **situation.edited()}
        self.bump = situation.open()

    def newer(self, name: str = "1.2.0", image: str = APP, **facts: object) -> None:
        self.situation.tags[image].append(tag(name, **facts))

    def write(self, old: str, new: str, path: str = "app.yaml") -> None:
        """Let a person commit: exchange a text in a file of the branch."""
        assert old.encode() in self.head[path]
        self.head[path] = self.head[path].replace(old.encode(), new.encode())

    def reapply(self) -> Reapplied | Stopped:
        (item,) = self.situation.plan()
        policy_file = self.situation.policy_file
        return reapply(policy_file, item, self.bump.proposals, self.situation.files, self.head)

    def result(self, path: str = "app.yaml") -> str:
        outcome = self.reapply()
        assert isinstance(outcome, Reapplied), outcome
        return {**self.head, **outcome.files}[path].decode()


@pytest.fixture
def branch(situation) -> Branch:
    return Branch(situation)


def test_what_a_person_wrote_stays_and_the_bots_value_moves_on(branch):
    branch.newer()
    branch.write("metadata:", "# looks good\nmetadata:")
    assert branch.result() == pod(f"{APP}:1.2.0").decode().replace("metadata:", "# looks good\nmetadata:")


def test_only_files_that_change_are_given(branch):
    branch.newer()
    branch.head["notes.yaml"] = pod(f"{APP}:1.0.0")
    assert set(branch.reapply().files) == {"app.yaml"}


def test_where_the_values_stand_already_nothing_changes(branch):
    branch.newer()
    branch.write("1.1.0", "1.2.0")
    outcome = branch.reapply()
    assert outcome.files == {}
    assert [(change.old, change.new) for change in outcome.changes] == [(f"{APP}:1.0.0", f"{APP}:1.2.0")]


def test_a_place_may_stand_at_the_bases_value_again(branch):
    branch.newer()
    branch.write("1.1.0", "1.0.0")
    assert f"{APP}:1.2.0" in branch.result()


def test_the_changes_are_told_by_the_lines_of_the_base(branch):
    branch.newer()
    branch.write("metadata:", "# one\n# two\nmetadata:")
    assert [change.line for change in branch.reapply().changes] == [5]


MOVED_ON_ITS_WAY = [
    ("another container before it", "  containers:", "  containers:\n    - {name: first, image: nginx:1.0.0}"),
    ("lines before it", "kind: Pod", "# made by hand\nkind: Pod"),
    ("a document before it", "kind: Pod", "kind: ConfigMap\n---\nkind: Pod"),
    ("quotes around it", f"{APP}:1.1.0", f'"{APP}:1.1.0"'),
    ("a field beside it", f"image: {APP}:1.1.0", f"image: {APP}:1.1.0, tty: true"),
]


@pytest.mark.parametrize(("old", "new"), [case[1:] for case in MOVED_ON_ITS_WAY], ids=[c[0] for c in MOVED_ON_ITS_WAY])
def test_a_place_is_known_again_among_what_a_person_wrote(branch, old, new):
    branch.newer()
    branch.write(old, new)
    before = branch.head["app.yaml"].decode()
    assert branch.result() == before.replace("1.1.0", "1.2.0")


STOPPING = [
    ("another tag of theirs", f"{APP}:1.1.0", f"{APP}:1.0.5", "Line 5 of app.yaml stands at 1.0.5 on this branch"),
    ("no tag", f"{APP}:1.1.0", APP, "Line 5 of app.yaml stands at no tag on this branch"),
    ("a digest", "app:1.1.0", f"app:1.1.0@{digest(9)}", "Line 5 of app.yaml stands at 1.1.0@sha256:"),
    ("another registry", "ghcr.io/acme", "quay.io/acme", "Line 5 of app.yaml on the base branch moves, and is not"),
    ("another container", "name: c0", "name: main", "Line 5 of app.yaml on the base branch moves, and is not found"),
    ("a copy of it", "    - {", f"    - {{name: c0, image: {APP}:1.1.0}}\n    - {{", "Line 5 of app.yaml on the base"),
    ("no YAML any more", "kind: Pod", "kind: [Pod", "Line 5 of app.yaml on the base branch moves, and is not found"),
    ("a marker for others", "1.1.0}", '1.1.0} # {"$imagepolicy": "other"}', "and the bot would write 1.2.0 there."),
]


@pytest.mark.parametrize(("old", "new", "said"), [case[1:] for case in STOPPING], ids=[case[0] for case in STOPPING])
def test_where_a_person_decided_about_the_place_it_stops_and_names_file_and_line(branch, old, new, said):
    branch.newer()
    branch.write(old, new)
    outcome = branch.reapply()
    assert isinstance(outcome, Stopped)
    assert said in outcome.sentence


def test_a_file_that_a_person_took_away_stops(branch):
    branch.newer()
    del branch.head["app.yaml"]
    assert branch.reapply() == Stopped(
        "Line 5 of app.yaml on the base branch moves, and is not found again on this branch."
    )


def test_a_place_that_a_person_added_is_theirs(branch):
    branch.newer()
    branch.write("  containers:", f"  containers:\n    - {{name: mine, image: {APP}:1.0.0}}")
    result = branch.result()
    assert f"{{name: mine, image: {APP}:1.0.0}}" in result
    assert f"{{name: c0, image: {APP}:1.2.0}}" in result


def test_a_place_on_a_line_with_one_that_a_person_added_stops(situation):
    situation.files = {"app.json": f'{{"spec": {{"containers": [{{"name": "c0", "image": "{APP}:1.0.0"}}]}}}}'.encode()}
    branch = Branch(situation)
    branch.newer()
    branch.write("[{", f'[{{"name": "mine", "image": "{APP}:1.0.0"}}, {{', "app.json")
    assert branch.reapply() == Stopped(
        "Line 1 of app.json stands at 1.1.0 on this branch, and the bot would write 1.2.0 there."
    )


def test_a_file_that_a_person_added_is_theirs(branch):
    branch.newer()
    branch.head["mine.yaml"] = pod(f"{APP}:1.0.0")
    assert branch.result("mine.yaml") == pod(f"{APP}:1.0.0").decode()


@pytest.fixture
def two(situation) -> Branch:
    situation.policies = f"""
version: 1
images:
  - {{image: {APP}, range: 1.x, group: all}}
  - {{image: {WEB}, range: 1.x, group: all}}
groups: {{all: {{}}}}
"""
    situation.files = {"app.yaml": pod(f"{APP}:1.0.0", f"{WEB}:1.0.0")}
    situation.tags[WEB] = [tag("1.0.0"), tag("1.1.0")]
    return Branch(situation)


def test_an_image_that_joins_the_bump_is_moved_as_well(situation):
    situation.policies = f"""
version: 1
images:
  - {{image: {APP}, range: 1.x, group: all}}
  - {{image: {WEB}, range: 1.x, group: all}}
groups: {{all: {{}}}}
"""
    situation.files = {"app.yaml": pod(f"{APP}:1.0.0", f"{WEB}:1.0.0")}
    situation.tags[WEB] = [tag("1.0.0")]
    branch = Branch(situation)
    branch.newer("1.5.0", WEB)
    branch.write("kind: Pod", "# theirs\nkind: Pod")
    assert branch.result() == "# theirs\n" + pod(f"{APP}:1.1.0", f"{WEB}:1.5.0").decode()


def test_an_image_that_leaves_the_bump_goes_back(two):
    two.situation.tags[WEB] = [tag("1.0.0")]
    two.write("kind: Pod", "# theirs\nkind: Pod")
    assert two.result() == "# theirs\n" + pod(f"{APP}:1.1.0", f"{WEB}:1.0.0").decode()


def test_what_a_person_made_of_an_image_that_leaves_the_bump_stays(two):
    two.situation.tags[WEB] = [tag("1.0.0")]
    two.write(f"{WEB}:1.1.0", f"{WEB}:1.0.7")
    assert two.result() == pod(f"{APP}:1.1.0", f"{WEB}:1.0.7").decode()


def test_an_image_that_cannot_go_back_stops(two):
    two.situation.files["app.yaml"] = pod(f"{APP}:1.0.0", f"{WEB}@{digest(1)}")
    two.situation.tags[WEB] = [tag("latest", digest=digest(1)), tag("1.1.0", digest=digest(2))]
    two.situation.by_digest = {WEB: {digest(1): tag("latest", digest=digest(1))}}
    two.situation.bumps = []
    branch = Branch(two.situation)
    assert f"{WEB}:1.1.0@{digest(2)}".encode() in branch.head["app.yaml"]
    two.situation.tags[WEB] = [tag("latest", digest=digest(1))]
    branch.write("kind: Pod", "# theirs\nkind: Pod")
    branch.newer()
    outcome = branch.reapply()
    assert isinstance(outcome, Stopped)
    assert outcome.sentence.startswith("Line 7 of app.yaml stands at 1.1.0@")


def test_what_was_put_there_before_the_base_moved_is_moved_too(branch):
    branch.situation.files["app.yaml"] = pod(f"{APP}:1.0.3")
    branch.newer("1.0.3")
    branch.newer()
    assert branch.result() == pod(f"{APP}:1.2.0").decode()


def test_a_place_that_stood_at_the_new_value_by_itself_is_not_the_bots(situation):
    situation.files = {"app.yaml": pod(f"{APP}:1.0.0", f"{APP}:1.1.0-x")}
    situation.tags[APP].append(tag("1.1.0-x"))
    branch = Branch(situation)
    branch.newer()
    branch.write("kind: Pod", "# theirs\nkind: Pod")
    assert branch.result() == "# theirs\n" + pod(f"{APP}:1.2.0", f"{APP}:1.1.0-x").decode()


def test_names_of_files_are_told_on_one_line(situation):
    situation.files = {"a\nb.yaml": pod(f"{APP}:1.0.0")}
    branch = Branch(situation)
    branch.newer()
    branch.head = {}
    assert "a b.yaml" in branch.reapply().sentence


def test_the_head_and_the_base_stay_as_they_are(branch):
    branch.newer()
    head, base = dict(branch.head), dict(branch.situation.files)
    branch.reapply()
    assert (branch.head, branch.situation.files) == (head, base)


def test_without_a_person_it_writes_what_the_plan_writes(branch):
    branch.newer()
    (item,) = branch.situation.plan()
    assert branch.reapply().files == update(branch.situation.files, item.targets).files
