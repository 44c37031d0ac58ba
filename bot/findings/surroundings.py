"""What other files of a repository say about an object: its service account, what scales it, what kustomize changes."""

from __future__ import annotations

from collections.abc import Iterable  # noqa: TC003 - the annotations of kept values are read at run time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bot.findings.kustomizations import Kustomization, Patch  # noqa: TC001 - the annotations of kept values, too
from bot.findings.kustomizing import Kustomizing

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.findings.kustomizing import Changes


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account. `pull_secrets` are the names that it lists; `automounts` None: it does not say."""

    namespace: str
    name: str
    pull_secrets: tuple[str, ...] = ()
    automounts: bool | None = None


@dataclass(frozen=True, slots=True)
class Scaler:
    """What decides how often a workload runs (an autoscaler of Kubernetes or KEDA): the object that it is about."""

    namespace: str
    kind: str
    name: str


@dataclass(frozen=True)
class Surroundings:
    """What is known of a repository beside the manifest that is looked at. `patches`: what its files of patches say."""

    service_accounts: tuple[ServiceAccount, ...] = ()
    scalers: tuple[Scaler, ...] = ()
    kustomizations: tuple[Kustomization, ...] = ()
    patches: tuple[Patch, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.service_accounts or self.scalers or self.kustomizations or self.patches)

    def accounts(self, namespace: str, name: str) -> list[ServiceAccount]:
        """List the service accounts that may be meant: a namespace that is not written ("") may be any.

        Of several that say the same of their pull secrets and their token, one is listed.
        """
        if not namespace:
            return list(self._accounts.get((None, name), {}).values())
        both = self._accounts.get((namespace, name), {}) | self._accounts.get(("", name), {})
        return list(both.values())

    def scales(self, namespace: str, kind: str, name: str) -> bool:
        """Whether something decides how often a workload runs. A namespace that is not written may be any."""
        namespaces = self._scaled.get((kind, name), frozenset())
        return bool(namespaces) and (not namespace or "" in namespaces or namespace in namespaces)

    def leaves_open(self, path: str, says: Callable[[Changes, bool], bool]) -> bool:
        """Whether a file is built somewhere without a kustomization that says something (see Kustomizing)."""
        return not self.kustomizations or self._kustomizing.leaves_open(path, says)

    def is_said(self, path: str, says: Callable[[Changes, bool], bool]) -> bool:
        """Whether any kustomization that takes in a file says something (see Kustomizing)."""
        return bool(self.kustomizations) and self._kustomizing.says(path, says)

    def is_kustomized(self, folder: str) -> bool:
        """Whether a kustomization stands in a folder."""
        return folder in self._folders

    @property
    def patch_files(self) -> frozenset[str]:
        """The paths of files that kustomizations use as patches."""
        return self._patches

    @cached_property
    def _patches(self) -> frozenset[str]:
        return frozenset(patch.path for each in self.kustomizations for patch in each.patches if patch.path)

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(each.folder for each in self.kustomizations)

    @cached_property
    def _kustomizing(self) -> Kustomizing:
        return Kustomizing(self.kustomizations, self.patches)

    @cached_property
    def _accounts(self) -> dict[tuple[str | None, str], dict[tuple[bool, bool | None], ServiceAccount]]:
        """Service accounts by their namespace (None: all of them) and name, one for each thing that they may say."""
        found: dict[tuple[str | None, str], dict[tuple[bool, bool | None], ServiceAccount]] = {}
        for each in self.service_accounts:
            said = (bool(each.pull_secrets), each.automounts)
            for namespace in (each.namespace, None):
                found.setdefault((namespace, each.name), {}).setdefault(said, each)
        return found

    @cached_property
    def _scaled(self) -> dict[tuple[str, str], frozenset[str]]:
        """The namespaces of what scales objects, by kind and name."""
        found: dict[tuple[str, str], set[str]] = {}
        for each in self.scalers:
            found.setdefault((each.kind, each.name), set()).add(each.namespace)
        return {target: frozenset(namespaces) for target, namespaces in found.items()}


def joined(several: Iterable[Surroundings]) -> Surroundings:
    """Put together what several files say."""
    listed = list(several)
    return Surroundings(
        tuple(account for each in listed for account in each.service_accounts),
        tuple(scaler for each in listed for scaler in each.scalers),
        tuple(kustomization for each in listed for kustomization in each.kustomizations),
        tuple(patch for each in listed for patch in each.patches),
    )
