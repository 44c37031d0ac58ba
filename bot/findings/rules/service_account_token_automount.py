"""Pods that are handed the token of their service account without asking for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.patching import may_be_patched
from bot.findings.rule import Asked, Found, Page, PodRule
from bot.findings.security import lines_in
from bot.findings.silences import IN_PATCHES, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Pod

_KEY: Final = "automountServiceAccountToken"
_ACCOUNT_KEYS: Final = ("serviceAccountName", "serviceAccount")
_DEFAULT: Final = "default"


def _look(pod: Pod, asked: Asked) -> Iterator[Found]:
    mounts = pod.spec.at(_KEY)
    if pod.is_partial or not mounts.is_absent or not _account_leaves_it_open(pod, asked):
        return
    if may_be_patched(asked, pod, _KEY, "serviceAccount"):
        return
    yield Found(
        lines_in(pod),
        mounts.way,
        f"The pod is handed the token of its service account `{pod.service_account}`, and does not say that it needs"
        " it: who gets into a container may speak to the cluster's API with it.",
        f"Set `{_KEY}` of the pod to `false`, or to `true` where it speaks to the cluster's API.",
        about=(pod.service_account,),
    )


def _account_leaves_it_open(pod: Pod, asked: Asked) -> bool:
    """Whether the service account certainly does not say whether its token is mounted."""
    named = [pod.spec.at(key) for key in _ACCOUNT_KEYS]
    if any(each.is_doubtful or each.is_residue or each.is_mapping or each.is_list for each in named):
        return False
    accounts = asked.surroundings.accounts(pod.owner.namespace, pod.service_account)
    return all(each.automounts is None for each in accounts) if accounts else pod.service_account == _DEFAULT


RULE = PodRule(
    "service-account-token-automount",
    _look,
    Page(
        why="Unless somebody says otherwise, Kubernetes mounts a token into every container with which it may speak to"
        " the cluster's API as the service account of its pod. Few programs do; who gets into a container can.",
        mend="Write `automountServiceAccountToken: false` into the pod spec, or into the service account. Where the"
        " program speaks to the cluster's API, write `true` into the pod spec: then it asked for it.",
        silent=(
            "The pod says either, or its service account does.",
            "The pod names a service account that is not in the repository.",
            IN_PATCHES,
            UNTOLD,
        ),
        sources=(
            "Kubernetes, Configure Service Accounts for Pods: Opt out of API credential automounting.",
            "CIS Kubernetes Benchmark, 5.1.6.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  automountServiceAccountToken: false
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
    ),
)
