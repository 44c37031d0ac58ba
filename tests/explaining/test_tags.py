"""`niro tags` shows what the bot would decide about an image, from its registry and a policy file."""

import asyncio

import pytest

from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_images import build_image
from tests.explaining.conftest import IMAGE, TAGS, Niro, Write, json_of, policies


def rejected(decision: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {each["tag"]: each["reason"] for each in decision["rejected"]}


def test_without_a_policy_file_the_newest_version_wins(niro: Niro, registry: SandboxRegistry) -> None:
    image = f"{registry.host}/{IMAGE}"
    shown = json_of(niro("tags", image, "--format", "json", host=registry.host))
    assert shown["decision"]["selected"]["tag"] == "2.0.0"
    assert shown["decision"]["selected"]["platforms"] == ["linux/amd64", "linux/arm64"]
    assert (shown["policy"]["path"], shown["policy"]["line"], shown["policy"]["range"]) == (None, None, "*")


def test_every_key_of_the_json_is_there(niro: Niro, registry: SandboxRegistry) -> None:
    shown = json_of(niro("tags", f"{registry.host}/{IMAGE}:1.4.0", "--format", "json", host=registry.host))
    assert list(shown) == ["image", "at", "policy", "tags", "decision", "notes", "problems"]
    assert list(shown["policy"]) == ["name", "path", "line", "image", "strategy", "range", "paused", "others", "flux"]
    assert list(shown["decision"]) == [
        "current",
        "selected",
        "digest",
        "update",
        "reason",
        "sentence",
        "reconsider_at",
        "wanted",
        "rejected",
    ]
    assert list(shown["decision"]["selected"]) == ["tag", "digest", "platforms", "pushed_at"]
    assert set(map(tuple, shown["decision"]["rejected"])) == {("tag", "reason", "sentence")}


def test_the_moment_is_told_in_utc(niro: Niro, registry: SandboxRegistry) -> None:
    shown = json_of(niro("tags", f"{registry.host}/{IMAGE}", "--format", "json", host=registry.host))
    assert len(shown["at"]) == len("2026-01-01T00:00:00Z")
    assert shown["at"].endswith("Z")


def test_each_tag_is_either_selected_or_has_a_reason(niro: Niro, registry: SandboxRegistry) -> None:
    shown = json_of(niro("tags", f"{registry.host}/{IMAGE}:1.4.0", "--format", "json", host=registry.host))
    decision = shown["decision"]
    assert shown["tags"] == len(TAGS)
    assert {decision["selected"]["tag"], *rejected(decision)} == set(TAGS)


def test_a_candidate_that_lacks_a_platform_in_use_is_turned_down(
    niro: Niro, registry: SandboxRegistry, write: Write
) -> None:
    image = f"{registry.host}/{IMAGE}"
    write({".niro/policies.yml": policies(image, range="^1.4.0")})
    shown = json_of(niro("tags", image, "--current", "1.4.0", "--format", "json", host=registry.host))
    decision = shown["decision"]
    assert (decision["current"], decision["selected"]["tag"]) == ("1.4.0", "1.5.0")
    assert rejected(decision)["1.6.0"] == "platform-missing"
    assert rejected(decision)["2.0.0"] == "out-of-range"


@pytest.mark.parametrize("current", ["1.4.0", f"1.4.0@sha256:{'1' * 64}"])
def test_the_current_tag_may_stand_in_the_image_or_beside_it(
    niro: Niro, registry: SandboxRegistry, current: str
) -> None:
    image = f"{registry.host}/{IMAGE}"
    written = niro("tags", f"{image}:{current}", "--format", "json", host=registry.host)
    beside = niro("tags", image, "--current", current, "--format", "json", host=registry.host)
    assert json_of(written)["decision"] == json_of(beside)["decision"]
    assert json_of(written)["decision"]["current"] == current


def test_where_nothing_stands_a_tag_that_runs_nowhere_is_turned_down(niro: Niro, registry: SandboxRegistry) -> None:
    async def push() -> None:
        await registry.push("acme/half", "1.0.0")
        await registry.push_manifest_only("acme/half", "1.1.0", build_image("half", content="lost").top)

    asyncio.run(push())
    shown = json_of(niro("tags", f"{registry.host}/acme/half", "--format", "json", host=registry.host))
    assert shown["decision"]["selected"]["tag"] == "1.0.0"
    assert shown["decision"]["rejected"] == [
        {"tag": "1.1.0", "reason": "platform-missing", "sentence": "1.1.0 runs nowhere: it is no image, or not whole"}
    ]


def test_what_runs_nowhere_stands_among_the_others_newest_first(niro: Niro, registry: SandboxRegistry) -> None:
    async def push() -> None:
        await registry.push("acme/holes", "1.0.0")
        await registry.push("acme/holes", "1.3.0")
        for tag in ("1.4.0", "1.20.0", "1.3.1"):
            await registry.push_manifest_only("acme/holes", tag, build_image("holes", content="lost").top)

    asyncio.run(push())
    shown = json_of(niro("tags", f"{registry.host}/acme/holes", "--format", "json", host=registry.host))
    assert shown["decision"]["selected"]["tag"] == "1.3.0"
    assert list(rejected(shown["decision"])) == ["1.20.0", "1.4.0", "1.3.1", "1.0.0"]


def test_a_choice_that_nobody_proved_is_not_made(
    niro: Niro, registry: SandboxRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.explaining.rounds.MOST_ROUNDS", 0)
    shown = json_of(niro("tags", f"{registry.host}/{IMAGE}", "--format", "json", host=registry.host))
    decision = shown["decision"]
    assert (decision["selected"], decision["reason"]) == (None, "fact-missing")
    assert decision["sentence"] == "The platforms of 2.0.0 are not known yet."
    assert decision["wanted"] == [{"tag": "2.0.0", "fact": "platforms"}]
    assert set(rejected(decision)) == set(TAGS)


def test_a_tag_that_only_stands_in_the_file_is_not_counted(niro: Niro, registry: SandboxRegistry) -> None:
    shown = json_of(niro("tags", f"{registry.host}/{IMAGE}:1.3.9", "--format", "json", host=registry.host))
    decision = shown["decision"]
    assert {decision["selected"]["tag"], *rejected(decision)} == set(TAGS)
    assert len(decision["rejected"]) == len(TAGS) - 1


def test_a_candidate_of_which_a_part_was_lost_is_turned_down(niro: Niro, registry: SandboxRegistry) -> None:
    async def push() -> None:
        lost = build_image("parts", content="lost")
        await registry.push("acme/parts", "1.0.0", ["linux/amd64"])
        await registry.push_image("acme/parts", "1.1.0", lost)
        await registry.delete_manifest("acme/parts", lost.part("linux/arm64").manifest.digest)

    asyncio.run(push())
    shown = json_of(niro("tags", f"{registry.host}/acme/parts:1.0.0", "--format", "json", host=registry.host))
    assert shown["decision"]["selected"]["tag"] == "1.0.0"
    assert rejected(shown["decision"]) == {"1.1.0": "platform-missing"}


@pytest.mark.parametrize(
    "keys", [{"enabled": "false"}, {"update": "{paths: [elsewhere/**]}"}, {"update": "{mode: markers}"}]
)
def test_where_a_policy_looks_and_whether_it_is_paused_changes_no_decision(
    niro: Niro, registry: SandboxRegistry, write: Write, keys: dict[str, str]
) -> None:
    async def push() -> None:
        await registry.push("acme/paths", "1.1.0")
        await registry.push_manifest_only("acme/paths", "1.2.0", build_image("paths", content="lost").top)

    asyncio.run(push())
    image = f"{registry.host}/acme/paths"
    write({".niro/policies.yml": policies(image, **keys)})
    # The tag in use is gone, so that only the bot's own guard keeps what runs nowhere away.
    shown = json_of(niro("tags", f"{image}:1.0.0", "--format", "json", host=registry.host))
    assert shown["decision"]["selected"]["tag"] == "1.1.0"
    assert rejected(shown["decision"])["1.2.0"] == "platform-missing"


def test_a_current_tag_that_is_gone_asks_for_no_platform(niro: Niro, registry: SandboxRegistry) -> None:
    shown = json_of(niro("tags", f"{registry.host}/{IMAGE}:1.3.9", "--format", "json", host=registry.host))
    assert shown["decision"]["selected"]["tag"] == "2.0.0"
    assert shown["tags"] == len(TAGS)


def test_a_digest_beside_the_current_tag_moves_with_it(niro: Niro, registry: SandboxRegistry) -> None:
    async def push() -> tuple[str, str]:
        return await registry.push("acme/fixed", "1.0.0"), await registry.push("acme/fixed", "1.1.0")

    old, new = asyncio.run(push())
    image = f"{registry.host}/acme/fixed"
    shown = json_of(niro("tags", f"{image}:1.0.0@{old}", "--format", "json", host=registry.host))
    assert shown["decision"]["current"] == f"1.0.0@{old}"
    assert (shown["decision"]["selected"]["tag"], shown["decision"]["digest"]) == ("1.1.0", new)


def test_a_digest_that_no_tag_has_any_more_still_says_what_it_runs_on(niro: Niro, registry: SandboxRegistry) -> None:
    async def push() -> str:
        old = await registry.push("acme/moved", "1.0.0")
        await registry.push("acme/moved", "1.0.0", ["linux/amd64"], content="rebuilt")
        await registry.push("acme/moved", "1.1.0", ["linux/amd64"])
        return old

    old = asyncio.run(push())
    image = f"{registry.host}/acme/moved"
    shown = json_of(niro("tags", f"{image}:1.0.0@{old}", "--format", "json", host=registry.host))
    assert rejected(shown["decision"])["1.1.0"] == "platform-missing"


def test_the_terminal_tells_how_wide_it_is(niro: Niro, registry: SandboxRegistry) -> None:
    shown = niro("tags", f"{registry.host}/{IMAGE}:1.4.0", host=registry.host, COLUMNS="50")
    assert max(map(len, shown.stdout.splitlines())) <= 50


def test_a_policy_is_named_with_its_place(niro: Niro, registry: SandboxRegistry, write: Write) -> None:
    image = f"{registry.host}/{IMAGE}"
    write({"other.yml": policies("ghcr.io/o/x", image, range="~1.4.0")})
    shown = json_of(niro("tags", image, "--policy", "other.yml", "--format", "json", host=registry.host))
    assert shown["policy"] == {
        "name": "api",
        "path": "other.yml",
        "line": 5,
        "image": image,
        "strategy": "semver",
        "range": "~1.4.0",
        "paused": None,
        "others": [],
        "flux": None,
    }
    assert shown["decision"]["selected"]["tag"] == "1.4.1"


def test_of_several_policies_the_first_is_taken_and_another_can_be_named(
    niro: Niro, registry: SandboxRegistry, write: Write
) -> None:
    image = f"{registry.host}/{IMAGE}"
    text = f"version: 1\nimages:\n  - {{image: '{image}', name: old, range: 1.4.x, update: {{paths: [old/**]}}}}\n"
    write({".niro/policies.yml": text + f"  - {{image: '{image}', name: new, update: {{paths: [new/**]}}}}\n"})
    first = json_of(niro("tags", image, "--format", "json", host=registry.host))
    other = json_of(niro("tags", image, "--name", "new", "--format", "json", host=registry.host))
    assert (first["policy"]["name"], first["policy"]["others"]) == ("old", ["new"])
    assert first["decision"]["selected"]["tag"] == "1.4.1"
    assert other["decision"]["selected"]["tag"] == "2.0.0"


def test_a_paused_policy_decides_and_says_that_nothing_is_done(
    niro: Niro, registry: SandboxRegistry, write: Write
) -> None:
    image = f"{registry.host}/{IMAGE}"
    write({".niro/policies.yml": policies(image, enabled="false")})
    shown = niro("tags", image, host=registry.host)
    assert "  selected  2.0.0\n" in shown.stdout
    assert "\nThe policy is paused (`enabled: false`): the bot does nothing for it.\n" in shown.stdout


def test_the_text_shows_the_decision_and_groups_the_others(niro: Niro, registry: SandboxRegistry, write: Write) -> None:
    image = f"{registry.host}/{IMAGE}"
    write({".niro/policies.yml": policies(image, range="^1.4.0")})
    lines = niro("tags", f"{image}:1.4.0", host=registry.host).stdout.splitlines()
    assert lines[:7] == [
        image,
        "  policy    api (.niro/policies.yml:3)",
        "  rule      semver, range ^1.4.0",
        "  tags      6",
        "  current   1.4.0",
        "  selected  1.5.0 (minor update)",
        "  runs on   linux/amd64, linux/arm64",
    ]
    at = lines.index("Not selected: 5 tags")
    assert lines[at + 1] == ""
    assert "    1.6.0" in lines[at:]


def test_all_tags_have_a_line_each(niro: Niro, registry: SandboxRegistry) -> None:
    shown = niro("tags", f"{registry.host}/{IMAGE}:1.4.0", "--all", host=registry.host).stdout
    listed = shown.partition("Not selected: 5 tags\n\n")[2].splitlines()
    assert sorted(line.split()[0] for line in listed) == sorted(TAGS.keys() - {"2.0.0"})


def test_nothing_but_the_result_is_said(niro: Niro, registry: SandboxRegistry) -> None:
    assert niro("tags", f"{registry.host}/{IMAGE}", host=registry.host).stderr == ""


def test_a_rule_by_age_says_what_only_the_running_bot_knows(
    niro: Niro, registry: SandboxRegistry, write: Write
) -> None:
    image = f"{registry.host}/{IMAGE}"
    write({".niro/policies.yml": policies(image, min_age="3d")})
    shown = niro("tags", image, "--current", "1.4.0", host=registry.host)
    assert shown.exit_code == 0
    assert "only the running bot remembers when it first saw a tag." in shown.stdout
