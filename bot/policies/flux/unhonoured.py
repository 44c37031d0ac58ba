"""The table of what Flux's objects may ask for and cannot have here, and what takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.policies.flux.objects import Kind

if TYPE_CHECKING:
    from bot.policies.flux.objects import FluxObject


class Unhonoured(NamedTuple):
    """One field, by the kind of its object and the way to it, and the sentence that says what replaces it here.

    `harmless` are values that ask for nothing that is not done anyway.
    """

    kind: Kind
    field: str
    instead: str
    harmless: frozenset[str] = frozenset()


_CREDENTIALS: Final = "the bot logs in with the credential that is stored with it for the registry"
_CHECKOUT: Final = "a change always begins at the head of a branch: write `git.checkout.ref.branch`"
_PUSH: Final = "there is one push, to the branch of the pull request, or with `delivery: commit` straight to its branch"

UNHONOURED: Final = (
    Unhonoured(Kind.REPOSITORY, "spec.secretRef", _CREDENTIALS),
    Unhonoured(Kind.REPOSITORY, "spec.serviceAccountName", _CREDENTIALS),
    Unhonoured(Kind.REPOSITORY, "spec.provider", _CREDENTIALS, frozenset({"generic"})),
    Unhonoured(
        Kind.REPOSITORY,
        "spec.certSecretRef",
        "the bot trusts the certificate authorities of the machine that it runs on",
    ),
    Unhonoured(
        Kind.REPOSITORY,
        "spec.proxySecretRef",
        "registries are reached directly, never through a proxy",
    ),
    Unhonoured(
        Kind.REPOSITORY,
        "spec.insecure",
        "the operator names the hosts that are spoken to over plain HTTP, in `NIRO_INSECURE_REGISTRIES`",
        frozenset({"false", "no", "off", "n"}),
    ),
    Unhonoured(
        Kind.REPOSITORY,
        "spec.accessFrom",
        "any policy may name any ImageRepository of its own Git repository; who may write there decides",
    ),
    Unhonoured(Kind.REPOSITORY, "spec.timeout", "the bot has its own limits of time for each request"),
    Unhonoured(
        Kind.POLICY,
        "spec.interval",
        "a digest is looked at whenever the tags are, at the `interval` of the ImageRepository",
    ),
    Unhonoured(
        Kind.AUTOMATION,
        "spec.git.commit.author",
        "the author of each commit is the GitHub App",
    ),
    Unhonoured(
        Kind.AUTOMATION,
        "spec.git.commit.signingKey",
        "GitHub itself signs what the App commits, and shows it as verified",
    ),
    Unhonoured(Kind.AUTOMATION, "spec.git.push.refspec", _PUSH),
    Unhonoured(
        Kind.AUTOMATION,
        "spec.git.push.options",
        "the pull request is opened by the bot, as `pull-request` of a policy says; no push option is needed",
    ),
    Unhonoured(Kind.AUTOMATION, "spec.git.checkout.ref.tag", _CHECKOUT),
    Unhonoured(Kind.AUTOMATION, "spec.git.checkout.ref.semver", _CHECKOUT),
    Unhonoured(Kind.AUTOMATION, "spec.git.checkout.ref.name", _CHECKOUT),
    Unhonoured(Kind.AUTOMATION, "spec.git.checkout.ref.commit", _CHECKOUT),
)


def note_unhonoured(found: FluxObject) -> None:
    """Tell of each field in an object that cannot be honoured, at its key."""
    for row in UNHONOURED:
        if row.kind is found.kind:
            _note(found, row)


def _note(found: FluxObject, row: Unhonoured) -> None:
    *above, key = row.field.split(".")
    fields = found.fields
    for step in above:
        if not fields.has(step):
            return
        fields = fields.section(step)
    if fields.has(key) and fields.written(key).lower() not in row.harmless:
        fields.note(key, f"is not honoured here: {row.instead}")
