"""What a policy file says and the running bot does not act on is told, in one sentence, by its key."""

from dataclasses import replace

import pytest

from bot.flows.configure import in_force
from bot.flows.not_yet import has_remarks, not_yet
from bot.flows.remarks import Remarks, UnknownMarker
from bot.github import Conclusion, Level
from bot.policies import Problem, load
from tests.flows.house import House

PLAIN = "version: 1\nimages:\n  - image: ghcr.io/acme/app\n"


def said(text: str, full_name: str = "acme/shop") -> str:
    return not_yet(load(text), full_name)


USED = {
    "flux": "flux: report\n" + PLAIN,
}


@pytest.mark.parametrize("key", USED)
def test_a_key_that_is_read_and_not_acted_on_is_named(key: str) -> None:
    sentence = said(USED[key])
    assert sentence.startswith("Read, but not acted on yet: ")
    assert f"`{key}`" in sentence
    assert has_remarks(load(USED[key]), "acme/shop")


def test_a_file_that_uses_none_of_them_is_told_nothing() -> None:
    assert said(PLAIN) == ""
    assert not has_remarks(load(PLAIN), "acme/shop")


SECTIONS = {
    "pull-secrets": "[]",
    "enforce": "[]",
}
WAYS = {
    "plain": "version: 1\n{key}: {value}\n",
    "quoted": 'version: 1\n"{key}" : {value}\n',
    "escaped": 'version: 1\n"\\u00{first:x}{rest}": {value}\n',
    "indented": "  version: 1\n  {key}: {value}\n",
    "as JSON": '{{"version": 1, "{key}": {value}}}\n',
    "explicit": "version: 1\n? {key}\n: {value}\n",
    "after a marker of the document": "--- {{version: 1, {key}: {value}}}\n",
}


def written(way: str, key: str) -> str:
    return WAYS[way].format(key=key, value=SECTIONS[key], first=ord(key[0]), rest=key[1:])


@pytest.mark.parametrize("key", SECTIONS)
@pytest.mark.parametrize("way", WAYS)
def test_a_section_is_named_however_its_key_is_written(way: str, key: str) -> None:
    assert f"`{key}`" in said(written(way, key))


@pytest.mark.parametrize("key", SECTIONS)
def test_what_only_looks_like_a_section_is_not_named(key: str) -> None:
    text = f"# {key}: []\n" + PLAIN + f"    pull-request:\n      commit-message: |\n        Bump\n\n        {key}: []\n"
    assert said(text) == ""


def test_the_organisations_own_repository_is_told_that_the_others_do_not_read_its_file() -> None:
    assert "the organisation's file" in said(PLAIN, "acme/.github")


async def test_the_check_run_says_so_once_for_each_version_of_the_file(house: House) -> None:
    head = await house.commit({".niro/policies.yml": house.policy(more="flux: report\n")})
    await house.commit({"README.md": b"Hello\n"})
    (run,) = house.github.repository(house.repository).check_runs.values()
    assert (run.name, run.head_oid, run.conclusion) == ("niro / policies", head, "neutral")
    assert "is in force" in run.output["summary"]
    assert "`flux`" in run.output["summary"]
    await house.publish("1.5.0")
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.5.0"]


async def test_a_file_that_switches_the_bot_off_is_told_that_nothing_is_done(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy().replace(b"images:", b"enabled: false\nimages:")})
    (run,) = house.github.repository(house.repository).check_runs.values()
    assert (run.conclusion, "nothing is done in this repository" in run.output["summary"]) == ("neutral", True)


def test_what_cannot_be_honoured_is_a_warning_on_its_line_and_the_file_is_in_force() -> None:
    problems = (Problem(3, 5, "signing-key", "commits are signed\nby GitHub"), Problem(9, 1, "", "no", "flux/a.yaml"))
    told = in_force("c0ffee", replace(load(PLAIN), problems=problems), "")
    assert told.conclusion is Conclusion.NEUTRAL
    assert [(each.path, each.start_line, each.level) for each in told.annotations] == [
        (".niro/policies.yml", 3, Level.WARNING),
        ("flux/a.yaml", 9, Level.WARNING),
    ]
    assert "    line 3, column 5: signing-key commits are signed by GitHub\n    flux/a.yaml line 9" in told.summary


def test_no_more_is_annotated_than_github_takes_at_once() -> None:
    problems = tuple(Problem(line, 1, "key", "no") for line in range(1, 41))
    markers = tuple(UnknownMarker("a.yaml", line, "gone") for line in range(1, 41))
    told = in_force("c0ffee", replace(load(PLAIN), problems=problems), "", remarks=Remarks(markers=markers))
    assert [len(told.annotations), told.annotations[-1].path] == [50, "a.yaml"]


async def test_a_file_that_turns_plain_again_is_told_nothing(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more="flux: report\n")})
    await house.commit({".niro/policies.yml": house.policy()})
    assert len(house.github.repository(house.repository).check_runs) == 1
