"""Images whose tag moves, or that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.findings import fixes
from bot.findings.moving_tags import following, moving_tag, mutable_tags, newest_tag
from bot.findings.naming import named
from bot.findings.rule import Asked, Found, ImageRule, Page
from bot.selection import Strategy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.finding import Edit
    from bot.findings.moving_tags import MovingTag
    from bot.findings.subjects import Image


def _look(image: Image, asked: Asked) -> Iterator[Found]:
    moving = moving_tag(image, asked)
    if moving is not None:
        where = image.occurrence
        mend, fix = _mended(moving, image, asked)
        yield Found((where.line, where.line), where.field, _message(moving), mend, fix, about=(moving.image.name,))


def _message(moving: MovingTag) -> str:
    if moving.is_written:
        name = moving.image.original.partition("@")[0].removesuffix(f":{moving.tag}")
        return f"The tag {named(moving.tag)} of the image {named(name)} moves: what runs may not be what was reviewed."
    return f"The image {named(moving.image.original)} has no tag: whatever `latest` then is will run."


def _mended(moving: MovingTag, image: Image, asked: Asked) -> tuple[str, Edit | None]:
    """Say what mends it, and how: the digest of the tag where it is known, or else the newest tag."""
    digest = asked.known.digest(moving.image, moving.tag)
    newest = newest_tag(image, asked)
    advice = _advice(image, asked)
    if digest is not None:
        pinned = f"Pin the digest that {named(moving.tag)} stands for now."
        return f"{pinned} {advice}".rstrip(), fixes.pinned(image, digest, asked.file)
    if newest is not None and newest != moving.tag and newest.casefold() not in mutable_tags(asked):
        return _newest(newest, image, asked), fixes.retagged(image, newest, asked.file)
    return advice or "Name a version, or pin the image to a digest.", None


def _newest(tag: str, image: Image, asked: Asked) -> str:
    policy = following(image, asked)
    assert policy is not None
    return f"Name the newest tag, {named(tag)}: from there the policy {named(policy.name)} moves it."


def _advice(image: Image, asked: Asked) -> str:
    policy = following(image, asked)
    if policy is None:
        return ""
    if policy.rule.strategy is Strategy.DIGEST:
        return f"The policy {named(policy.name)} follows this tag: its pull request pins the digest."
    strategy = policy.rule.strategy.value
    return (
        f"The policy {named(policy.name)} orders tags by `{strategy}` and never sees this one move: name a version for"
        " it to start from, or let it say `strategy: digest`, and its pull request pins the digest."
    )


RULE = ImageRule(
    "latest-image-tag",
    _look,
    Page(
        why="A tag such as `latest` is pushed again and again. What runs is then decided when a pod starts, not when"
        " the change is reviewed: two pods of one Deployment may run different images, and a rollback brings nothing"
        " back. An image without a tag is at `latest`.",
        mend="Name a version (`1.4.2`), or keep the tag and pin the digest beside it (`latest@sha256:...`). A policy"
        " with `strategy: digest` follows a tag that moves, and its pull requests pin the digest; with any other"
        " strategy this rule goes on to find the tag.",
        silent=(
            "A digest is written: it counts before the tag.",
            "No tag is written in the values of a chart or in kustomize's `images`: it may stand elsewhere.",
            "A kustomization that takes the file in gives the image another name, tag or digest.",
            "The image is a template, as `app:${TAG}`, or filled in by `ko`, OpenShift's triggers, Istio's injection.",
            "The tag moves, and is neither among `mutable-tags` nor followed by a policy with `strategy: digest`.",
        ),
        sources=(
            "Kubernetes, Configuration Best Practices: Container Images.",
            "Kubernetes, Images: Image names.",
            "Kubernetes SIGs, kustomize: images.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:latest
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
    ),
)
