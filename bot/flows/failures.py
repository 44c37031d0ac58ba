"""The one table that says what is done about each thing that can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bot import github, registries, store
from bot.flows.promotion_runs import RunMoved
from bot.flows.readers import ReaderUnfit
from bot.jobs.outcomes import Again, BackOff, Drop, Outcome, Park, RetryAt

Decide = Callable[[Any], Outcome]


def _until(error: Any) -> Outcome:
    return RetryAt(error.until, _sentence(error))


def _back_off(error: BaseException) -> Outcome:
    return BackOff(_sentence(error))


def _again(error: BaseException) -> Outcome:
    return Again(_sentence(error))


def _drop(error: BaseException) -> Outcome:
    return Drop(_sentence(error))


def _park(error: BaseException) -> Outcome:
    return Park(_sentence(error))


def _sentence(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


TABLE: Final[tuple[tuple[type[BaseException], Decide], ...]] = (
    # GitHub
    (github.RateLimited, _until),  # a limit says when it resets
    (github.MustWait, _until),  # another write of this installation goes first
    (github.TokenRejected, _again),  # the token was renewed once already: once more, then back off
    (github.NotInstalled, _drop),  # nobody wants this any more
    (github.NotFound, _drop),  # the repository or branch is gone
    (github.Conflict, _again),  # somebody was faster: read the truth again
    (github.OpeningFailed, _again),  # half-opened and closed again: the work runs anew
    (github.Forbidden, _park),  # an owner has to give a permission or change a rule
    (github.Unprocessable, _park),  # GitHub will say the same next time
    (github.UnexpectedAnswer, _back_off),
    (github.GitHubUnavailable, _back_off),
    # The store
    (store.UnknownOwner, _drop),  # the repository was removed while the work ran
    (ReaderUnfit, _drop),  # the credential is gone or does not open; polls see when that is mended
    (RunMoved, _again),  # another job carried the promotion on
    # Registries
    (registries.RegistryLimited, _until),
    (registries.ImageNotFound, _drop),  # an image that is pushed later announces itself, or is found by polling
    (registries.RegistryRefused, _drop),  # a credential is missing; asking again would not help
    (registries.UntrustedRealm, _drop),  # the registry wants our credential sent elsewhere
    (registries.AddressNotAllowed, _drop),  # an address inside the operator's network: a setting is missing
    (registries.UntrustedCertificate, _drop),  # an authority of the registry's own, which nobody named
    (registries.InvalidCertificate, _drop),  # what is stored with a credential is no certificate
    (registries.TargetTagTaken, _drop),  # a person has to mend what keeps a copy from its target
    (registries.RegistryFull, _drop),
    (registries.UntrustedUpload, _drop),
    (registries.SourceMoved, _again),  # what the tag stands for now is read again
    (registries.RegistryUnavailable, _back_off),
    (registries.InvalidAnswer, _back_off),
)
"""Error to outcome; the first row that fits counts. What fits none is a fault of ours: back off, then park."""


def classify(error: BaseException) -> Outcome:
    """Say what is done about an error that ended a piece of work."""
    for kind, decide in TABLE:
        if isinstance(error, kind):
            return decide(error)
    return BackOff(_sentence(error))
