"""A fix becomes a suggestion only when it does what it should, and can be seen as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from bot.findings import Edit, Known, check
from bot.findings.suggesting import Suggestion, applied, suggestion
from bot.policies.findings import PullSecret, RegistryPrefix
from bot.policies.rules import Severity
from tests.findings.drawn_manifests import DIGEST, IMAGE, manifests

PATH = "app.yaml"
ON = Severity.MEDIUM
KNOWN = Known(
    digests={IMAGE: DIGEST, "docker.io/library/nginx:latest": DIGEST},
    pull_secrets=(PullSecret(RegistryPrefix("ghcr.io", "acme"), "ghcr-pull"),),
)
RULES = ("latest-image-tag", "missing-resource-requests", "public-image-no-credential")
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
  - name: app
    image: ghcr.io/acme/app:latest
"""


def found(rule: str, content: bytes, path: str = PATH, known: Known = KNOWN):
    return check({path: content}, {rule: ON}, known=known)


def suggested(rule: str, text: str, path: str = PATH, known: Known = KNOWN) -> Suggestion | None:
    """Give the suggestion for the first finding of a rule that has a fix, or for the first one."""
    content = text.encode()
    findings = found(rule, content, path, known)
    finding = next((each for each in findings if each.fix), findings[0])
    return suggestion(finding, content, ON, known=known)


def taken(content: bytes, lines: Suggestion) -> bytes:
    """Put a suggestion's lines in the place of a file's, as GitHub does."""
    stood = content.decode().splitlines(keepends=True)
    end = "\n" if stood[lines.end_line - 1].endswith("\n") else ""
    return "".join([*stood[: lines.start_line - 1], lines.text + end, *stood[lines.end_line :]]).encode()


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("latest-image-tag", Suggestion(7, 7, f"    image: ghcr.io/acme/app:latest@{DIGEST}")),
        (
            "missing-resource-requests",
            Suggestion(
                7,
                7,
                "    image: ghcr.io/acme/app:latest\n"
                "    resources:\n      requests:\n        cpu: 100m\n        memory: 128Mi",
            ),
        ),
        (
            "public-image-no-credential",
            Suggestion(5, 5, "  imagePullSecrets:\n  - name: ghcr-pull\n  containers:"),
        ),
    ],
)
def test_a_fix_is_suggested_in_whole_lines(rule, lines):
    assert suggested(rule, POD) == lines


def test_a_last_line_without_an_end_gets_none():
    assert suggested("latest-image-tag", POD.removesuffix("\n")).text.endswith(DIGEST)


def test_a_dockerfile_gets_a_suggestion():
    lines = Suggestion(2, 2, f"FROM nginx:latest@{DIGEST}")
    assert suggested("latest-image-tag", "# c\nFROM nginx:latest\nRUN x\n", "Dockerfile") == lines


@given(content=manifests())
def test_taking_a_suggestion_makes_its_finding_disappear(content):
    for rule in RULES:
        findings = found(rule, content)
        for finding in findings:
            lines = suggestion(finding, content, ON, known=KNOWN)
            if lines is not None:
                after = taken(content, lines)
                assert after.rstrip(b"\n") == applied(content, finding.fix).rstrip(b"\n")
                assert len(found(rule, after)) == len(findings) - 1


@given(content=manifests())
def test_what_can_be_mended_in_plain_lines_is_suggested(content):
    if b"\r" in content or b"\xef\xbb\xbf" in content:
        return
    for rule in RULES:
        for finding in found(rule, content):
            assert (suggestion(finding, content, ON, known=KNOWN) is None) == (finding.fix is None)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("    image: ghcr.io/acme/app:latest\r", id="CRLF"),
        pytest.param("    image: ghcr.io/acme/app:latest # \N{RIGHT-TO-LEFT OVERRIDE}", id="direction"),
        pytest.param("    image: ghcr.io/acme/app:latest # a\N{ZERO WIDTH SPACE}b", id="no width"),
        pytest.param("    image: ghcr.io/acme/app:latest # \N{TAG LATIN SMALL LETTER A}", id="tag letter"),
        pytest.param("    image: ghcr.io/acme/app:latest # \N{HANGUL FILLER}", id="no shape"),
        pytest.param("    image: ghcr.io/acme/app:latest # " + "x" * 1_000, id="long"),
    ],
)
def test_lines_that_cannot_be_seen_as_they_are_are_left_alone(line):
    assert suggested("latest-image-tag", POD.replace("    image: ghcr.io/acme/app:latest", line)) is None


def test_a_byte_order_mark_is_left_alone_on_its_own_line_only():
    text = '\ufeff{"kind": "Pod", "apiVersion": "v1", "spec": {"containers": [{"image": "nginx:latest"}]}}'
    assert suggested("latest-image-tag", text) is None
    assert suggested("latest-image-tag", "\ufeff" + POD) is not None


def with_fix(text: str, old: str, new: str):
    """Find the image's tag in a text, with another fix: a text to write in the place of another."""
    content = text.encode()
    finding = found("latest-image-tag", content)[0]
    start = content.index(old.encode())
    return content, replace(finding, fix=Edit(start, start + len(old.encode()), new.encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("app:latest", "app:LATEST", id="the tag moves still"),
        pytest.param("name: app\n  ", "name: app # c\n  ", id="a comment"),
        pytest.param("metadata: {name: app}", "metadata: {name: other}", id="another object"),
        pytest.param("ghcr.io/acme/app:latest\n", "ghcr.io/acme/app:1\n---\nkind: Pod\n", id="another document"),
        pytest.param("    image: ghcr.io/acme/app:latest\n", "", id="no image"),
        pytest.param("image: ghcr.io/acme/app:latest", "image: [", id="no YAML"),
        pytest.param("ghcr.io/acme/app:latest", "&a ghcr.io/acme/app:1", id="an anchor"),
        pytest.param("ghcr.io/acme/app:latest", "!x ghcr.io/acme/app:1", id="a tag of YAML"),
    ],
)
def test_a_fix_that_does_something_else_is_not_suggested(old, new):
    content, finding = with_fix(POD, old, new)
    assert suggestion(finding, content, ON, known=KNOWN) is None


def test_a_fix_of_many_lines_is_not_suggested():
    many = "    env:\n" + "    - {name: A}\n" * 40
    content, finding = with_fix(POD + many, "ghcr.io/acme/app:latest\n" + many, "ghcr.io/acme/app:1\n" + many)
    assert suggestion(finding, content, ON, known=KNOWN) is None


def test_a_fix_that_would_give_another_image_the_same_tag_is_not_suggested():
    text = "a: {image: {repository: nginx, tag: &t latest}}\nb: {image: {repository: redis, tag: *t}}\n"
    content = text.encode()
    start = content.index(b"latest")
    finding = replace(found("latest-image-tag", content, "values.yaml")[0], fix=Edit(start, start + 6, b"1.4.2"))
    assert suggestion(finding, content, ON, known=KNOWN) is None


def test_without_a_fix_nothing_is_suggested():
    content = POD.encode()
    finding = found("latest-image-tag", content)[0]
    assert suggestion(replace(finding, fix=None), content, ON, known=KNOWN) is None


def test_a_fix_for_another_content_is_not_suggested():
    content = POD.encode()
    finding = found("latest-image-tag", content)[0]
    assert suggestion(finding, content[:40], ON, known=KNOWN) is None
    assert suggestion(finding, b"# moved\n" + content, ON, known=KNOWN) is None


def test_a_very_large_document_is_left_alone():
    assert suggested("latest-image-tag", POD + "# x\n" * 50_000) is None
    assert suggested("latest-image-tag", POD + "---\n" + "# x\n" * 50_000) is not None


def test_a_service_account_in_another_document_still_counts():
    account = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\n"
    assert suggested("public-image-no-credential", POD + account) is not None


def test_of_two_objects_that_are_called_alike_each_gets_its_suggestion():
    content = (POD + "---\n" + POD).encode()
    lines = [suggestion(each, content, ON, known=KNOWN) for each in found("latest-image-tag", content)]
    assert [each and each.start_line for each in lines] == [7, 15]
