"""The policy file: what each key means, and what holds where it is not written."""

import pytest

from bot.images import ImageReference, Platform
from bot.policies import AutoMerge, MergeMethod, PolicyFile, load
from bot.selection import Strategy, Version

WHOLE = """\
# yaml-language-server: $schema=https://example.org/policies.schema.json
version: 1
enabled: true

defaults:
  range: 1.x
  pull-request:
    labels: [dependencies]

images:
  - image: ghcr.io/stefanprodan/podinfo   # a comment
    name: podinfo
    enabled: true
    strategy: semver
    range: 5.0.x
    exclude: ['\\.(sig|att|sbom)$', '-dev$']
    platforms: [linux/amd64, linux/arm64]
    update:
      paths: ["clusters/**", "!clusters/legacy/**"]
    pull-request:
      base: main
      branch: bumps/podinfo
      title: "Bump {image} from {from} to {to}"
      labels: [a, b]
      auto-merge:
        method: rebase
  - image: nginx
    enabled: false
"""


def test_a_whole_file_is_read():
    podinfo, nginx = load(WHOLE).images

    assert podinfo.name == "podinfo"
    assert podinfo.image == ImageReference.parse("ghcr.io/stefanprodan/podinfo")
    assert podinfo.enabled
    assert podinfo.range == "5.0.x"
    assert podinfo.rule.strategy is Strategy.SEMVER
    assert podinfo.rule.constraint.allows(Version.parse("5.0.3"))
    assert not podinfo.rule.constraint.allows(Version.parse("5.1.0"))
    assert podinfo.rule.exclude == (r"\.(sig|att|sbom)$", "-dev$")
    assert podinfo.rule.platforms == {Platform("linux", "amd64"), Platform("linux", "arm64")}
    assert podinfo.paths == ("clusters/**", "!clusters/legacy/**")
    assert podinfo.pull_request.base == "main"
    assert podinfo.pull_request.branch == "bumps/podinfo"
    assert podinfo.pull_request.title == "Bump {image} from {from} to {to}"
    assert podinfo.pull_request.labels == ("a", "b")
    assert podinfo.pull_request.auto_merge == AutoMerge(MergeMethod.REBASE)
    assert (podinfo.line, nginx.line) == (11, 27)
    assert not nginx.enabled
    assert nginx.image.name == "docker.io/library/nginx"


def test_what_is_not_written_has_a_default(load_policy):
    policy = load_policy()

    assert policy.name == "app"
    assert policy.enabled
    assert policy.range == "*"
    assert policy.rule.exclude == (r"\.(sig|att|sbom)$",)
    assert policy.rule.platforms is None
    assert policy.paths == ("**",)
    assert policy.pull_request.branch == "niro/app"
    assert policy.pull_request.base is None
    assert policy.pull_request.title == "Bump {image} from {from} to {to}"
    assert policy.pull_request.labels == ()
    assert policy.pull_request.auto_merge is None


def test_a_policy_is_its_own_group(load_policy):
    assert load_policy("name: web").group == "web"


def test_a_file_may_hold_no_images():
    assert load("version: 1") == PolicyFile(enabled=True, images=())


def test_a_file_can_be_switched_off():
    assert not load("version: 1\nenabled: false").enabled


@pytest.mark.parametrize("value", ["true", "True", "TRUE"])
def test_a_flag_is_read_as_yaml_1_2_reads_it(load_policy, value):
    assert load_policy(f"pull-request: {{auto-merge: {value}}}").pull_request.auto_merge == AutoMerge()


def test_auto_merge_squashes_unless_told_otherwise(load_policy):
    for value in ("true", "{}", "{method: squash}"):
        settings = load_policy(f"pull-request: {{auto-merge: {value}}}").pull_request

        assert settings.auto_merge == AutoMerge(MergeMethod.SQUASH)


class TestDefaults:
    def test_fill_in_what_a_policy_does_not_say(self, load_policy):
        top = """\
            defaults:
              enabled: false
              range: ^1.x
              exclude: [x]
              platforms: [linux/amd64]
              update: {paths: [apps]}
              pull-request: {labels: [l], base: next, title: "{to}", branch: "b/{name}", auto-merge: true}
            """
        policy = load_policy("", top=top)

        assert not policy.enabled
        assert policy.range == "^1.x"
        assert policy.rule.exclude == ("x",)
        assert policy.rule.platforms == {Platform("linux", "amd64")}
        assert policy.paths == ("apps",)
        assert policy.pull_request.branch == "b/app"
        assert policy.pull_request.base == "next"
        assert policy.pull_request.title == "{to}"
        assert policy.pull_request.labels == ("l",)
        assert policy.pull_request.auto_merge == AutoMerge()

    def test_give_way_key_by_key_also_within_pull_request(self, load_policy):
        top = "defaults: {range: 1.x, pull-request: {labels: [l], base: next, auto-merge: true}}"

        policy = load_policy("range: 2.x\npull-request: {base: main, auto-merge: false}", top=top)

        assert policy.range == "2.x"
        assert policy.pull_request.base == "main"
        assert policy.pull_request.labels == ("l",)
        assert policy.pull_request.auto_merge is None

    def test_give_way_to_an_empty_list(self, load_policy):
        top = "defaults: {exclude: [x], pull-request: {labels: [l]}}"

        policy = load_policy("exclude: []\npull-request: {labels: []}", top=top)

        assert policy.rule.exclude == ()
        assert policy.pull_request.labels == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.10", "1.10"),
        ("5", "5"),
        ("0x1", "0x1"),
        ("'1.10'", "1.10"),
        ('"1.10"', "1.10"),
        ('"\\u0031.10"', "1.10"),
        ("1_000", "1_000"),
        ("2024-01-01", "2024-01-01"),
        ("on", "on"),
        ("no", "no"),
        ("true", "true"),
        ("'null'", "null"),
        ("1e3", "1e3"),
        ("010", "010"),
    ],
)
def test_a_text_is_what_stands_in_the_file(load_policy, written, meant):
    settings = load_policy(f"pull-request: {{base: {written}, labels: [{written}]}} # a comment").pull_request

    assert settings.base == meant
    assert settings.labels == (meant,)


@pytest.mark.parametrize("written", ["1.10", "5", "'5'", "0"])
def test_a_range_keeps_its_text(load_policy, written):
    assert load_policy(f"range: {written}").range == written.strip("'")


@pytest.mark.parametrize("name", ["on", "5", "1.10", "apps:podinfo", "A_b-c.d"])
def test_a_name_may_look_like_anything(load_policy, name):
    assert load_policy(f"name: {name}").name == name


def test_the_branch_holds_the_name_and_no_colon(load_policy):
    assert load_policy("name: apps:podinfo").pull_request.branch == "niro/apps-podinfo"
    assert load_policy("name: x\npull-request: {branch: 'a/{name}/b'}").pull_request.branch == "a/x/b"


def test_aliases_and_merge_keys_work():
    text = """\
version: 1
defaults: &all
  range: &range 1.x
images:
  - &first {image: a/one, range: *range, name: one}
  - <<: *first
    image: a/two
    name: two
  - <<: [{name: three, image: a/three}, *first]
"""
    images = load(text).images

    assert [(policy.name, policy.range, policy.image.name) for policy in images] == [
        ("one", "1.x", "docker.io/a/one"),
        ("two", "1.x", "docker.io/a/two"),
        ("three", "1.x", "docker.io/a/three"),
    ]


def test_a_file_written_as_json_is_yaml_too():
    assert load('{"version": 1, "images": [{"image": "nginx", "range": "1.x"}]}').images[0].range == "1.x"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    assert load("\ufeffversion: 1\r\nimages:\r\n  - image: nginx\r\n").images[0].line == 3


def test_two_policies_may_follow_one_image_under_two_names():
    text = """\
version: 1
images:
  - {image: nginx, update: {paths: [dev/**]}}
  - {image: nginx, update: {paths: [prod/**]}, name: other}
"""

    assert [policy.name for policy in load(text).images] == ["nginx", "other"]
