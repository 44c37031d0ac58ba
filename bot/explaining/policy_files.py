"""Read a policy file of this machine, and find in it the policy that is meant."""

from __future__ import annotations

import difflib
import json
import os
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

from bot.explaining.mistakes import Mistake
from bot.explaining.opening import opened_following_links, opened_inside
from bot.explaining.shown import shown
from bot.policies import POLICY_PATH, PolicyFileError, load
from bot.policies.flux import load_flux
from bot.policies.policy import FluxMode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bot.images import ImageReference
    from bot.policies import ImagePolicy, PolicyFile

MOST_BYTES = 16 * 1024 * 1024
MOST_NAMES = 50


@dataclass(frozen=True, slots=True)
class FoundPolicy:
    """The policy that is followed. `path` is its file, None where it stands in no policy file.

    `policy` is about one image, also where `pattern` is the glob in the file. `others` are the names of more policies
    of the file about the same image. `flux` is set where the policy is an object of Flux: what the file's key says.
    """

    path: str | None
    policy: ImagePolicy
    enabled: bool = True
    pattern: str | None = None
    others: tuple[str, ...] = ()
    flux: FluxMode | None = None

    @property
    def place(self) -> str:
        """Where the policy stands: "path:line"."""
        return "" if self.path is None else f"{self.path}:{self.policy.line}"

    @property
    def paused(self) -> str | None:
        """Why the bot does nothing for this policy; None: it does."""
        if not self.enabled:
            return "The policy file is switched off (`enabled: false`): the bot does nothing in this repository."
        if not self.policy.enabled:
            return "The policy is paused (`enabled: false`): the bot does nothing for it."
        return None


def read_policy_file(path: Path) -> PolicyFile:
    """Read a policy file that the caller named, which may be a link.

    Raises Mistake with every problem in it, each as "path:line:column: message".
    """
    return _loaded(path, opened_following_links(path))


def read_policy_file_of(root: Path) -> PolicyFile:
    """Read the policy file of a checkout, in which neither it nor its folder may be a link: git tracks what it is.

    Raises Mistake as above, and where there is none.
    """
    path = root / POLICY_PATH
    if not os.path.lexists(path):
        raise Mistake(f"{shown(str(path))} does not exist: without it the bot does nothing here")
    return _loaded(path, opened_inside(root, POLICY_PATH))


def _loaded(path: Path, opened: AbstractContextManager[IO[bytes]]) -> PolicyFile:
    try:
        with opened as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Mistake(f"{shown(str(path))} cannot be read: {error.strerror or type(error).__name__}") from None
    if len(content) > MOST_BYTES:
        raise Mistake(f"{shown(str(path))} has more than {MOST_BYTES:,} bytes: that is no policy file")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise Mistake(f"{shown(str(path))} cannot be read: it is not UTF-8") from None
    try:
        return load(text, str(path))
    except PolicyFileError as error:
        raise Mistake(*problem_lines(str(path), error)) from None


def with_flux(policy_file: PolicyFile, files: Mapping[str, bytes]) -> tuple[PolicyFile, frozenset[str]]:
    """Add the policies that Flux's own objects in `files` stand for, where the file asks for them; also their names.

    Raises Mistake with every reason why the objects cannot be used.
    """
    if policy_file.flux is FluxMode.OFF:
        return policy_file, frozenset()
    try:
        flux = load_flux(files)
    except PolicyFileError as error:
        raise Mistake(*problem_lines(error.path, error)) from None
    images, problems = policy_file.images + flux.images, policy_file.problems + flux.problems
    return replace(policy_file, images=images, problems=problems), frozenset(policy.name for policy in flux.images)


def problem_lines(path: str, found: PolicyFileError | PolicyFile) -> list[str]:
    """Write each problem of a policy file as "path:line:column: message"."""
    return [shown(f"{each.path or path}:{each.line}:{each.column}: {each.message}") for each in found.problems]


def by_default(image: ImageReference) -> FoundPolicy:
    """Give the policy that a file would hold if it named the image and nothing else."""
    text = f"version: 1\nimages:\n  - image: {json.dumps(image.name)}\n"
    return FoundPolicy(None, load(text).images[0])


def about_image(
    policy_file: PolicyFile, path: str, image: ImageReference, name: str | None = None
) -> tuple[PolicyFile, FoundPolicy]:
    """Find the policy about an image: one with its very name, else the first whose glob matches it.

    `name` says which, where several are. Returns the file with its globs filled in, and the policy. Raises Mistake when
    there is none, with the reason where a glob leaves the image out, else with the images that the file does name.
    """
    expanded = policy_file.for_images([image])
    about = [policy for policy in expanded.images if policy.image.name == image.name]
    if not about:
        known = (str(policy.image) for policy in policy_file.images)
        reasons = _reasons_of_globs(policy_file, expanded, path)
        raise Mistake(f"{shown(path)} has no policy about {image.name}; {_listed('images', known)}", *reasons)
    names = [policy.name for policy in about]
    if name is not None and name not in names:
        raise Mistake(_unknown(path, name, names, f"policies about {image.name}"))
    policy = about[0] if name is None else about[names.index(name)]
    others = tuple(other for other in names if other != policy.name)
    return expanded, FoundPolicy(path, policy, policy_file.enabled, _pattern(policy_file, policy), others)


def named(
    policy_file: PolicyFile, path: str, name: str, images: Iterable[ImageReference]
) -> tuple[PolicyFile, list[FoundPolicy]]:
    """Find a policy by its name. One about a glob is a policy for each of the `images` that it matches.

    Returns the file with such policies in it, and those that are meant: none, where a glob matches nothing. Raises
    Mistake when there is no policy of this name, with what was probably meant, and with the images that globs leave
    out: one of those may be meant.
    """
    expanded = policy_file.for_images(images)
    globs = [policy for policy in policy_file.images if policy.is_pattern and policy.name == name]
    meant = [policy for policy in expanded.images if policy.name == name]
    if not meant and not globs:
        names = dict.fromkeys(policy.name for policy in (*policy_file.images, *expanded.images))
        unknown = _unknown(path, name, list(names), "policies")
        raise Mistake(unknown, *_reasons_of_globs(policy_file, expanded, path))
    if not meant:
        meant = [policy for policy in expanded.images if any(_comes_of(policy, glob) for glob in globs)]
    found = (FoundPolicy(path, each, expanded.enabled, _pattern(policy_file, each)) for each in meant)
    return expanded, list(found)


def _reasons_of_globs(policy_file: PolicyFile, expanded: PolicyFile, path: str) -> list[str]:
    """Say which images globs leave out, and why: the problems that only came up when they were filled in."""
    return problem_lines(path, replace(expanded, problems=expanded.problems[len(policy_file.problems) :]))


def _pattern(policy_file: PolicyFile, policy: ImagePolicy) -> str | None:
    return next((str(glob.image) for glob in policy_file.images if glob.is_pattern and _comes_of(policy, glob)), None)


def _comes_of(policy: ImagePolicy, glob: ImagePolicy) -> bool:
    """Whether a policy about one image was made of the one about a glob: it stands at the same place."""
    return policy.line == glob.line and glob.follows(policy.image)


def _unknown(path: str, name: str, names: Sequence[str], what: str) -> str:
    close = difflib.get_close_matches(name[:200], names, n=1, cutoff=0.6)
    meant = f"did you mean {shown(close[0])}? " if close else ""
    return f"{shown(path)} has no policy {shown(name)[:200]}; {meant}{_listed(what, names)}"


def _listed(what: str, names: Iterable[str]) -> str:
    every = [shown(name) for name in dict.fromkeys(names)]
    if not every:
        return f"there are no {what} in it"
    more = f" and {len(every) - MOST_NAMES} more" if len(every) > MOST_NAMES else ""
    return f"its {what} are: {', '.join(every[:MOST_NAMES])}{more}"
