"""From the words of a command to what it writes: read the files, ask the registry, decide, and put it into a form."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from bot.explaining.explanation import Checkout, explain
from bot.explaining.facts import Facts
from bot.explaining.folder import read_folder
from bot.explaining.json_form import explanation_as_json, listing_as_json
from bot.explaining.listing import list_tags, standing_at
from bot.explaining.mistakes import Mistake
from bot.explaining.policy_files import (
    about_image,
    by_default,
    named,
    problem_lines,
    read_policy_file,
    read_policy_file_of,
    with_flux,
)
from bot.explaining.shown import shown
from bot.explaining.text_form import explanation_as_text, listing_as_text
from bot.images import ImageReference, InvalidImageReference
from bot.manifests import find_images
from bot.policies import POLICY_PATH
from bot.registries import Registries, guarded_sessions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from bot.explaining.policy_files import FoundPolicy
    from bot.explaining.said import Said
    from bot.settings import Settings


class Form(StrEnum):
    """How a command writes what it found out."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command needs of the world: settings, the clock, whom to tell what it is doing, how wide it may write."""

    settings: Settings
    clock: Callable[[], datetime]
    doing: Callable[[str], None]
    width: int


@dataclass(frozen=True, slots=True)
class TagsAsked:
    """The words of `niro tags`."""

    image: str
    policy_path: str | None = None
    policy_name: str | None = None
    current: str | None = None
    form: Form = Form.TEXT
    every: bool = False


@dataclass(frozen=True, slots=True)
class ExplanationAsked:
    """The words of `niro explain`, and what was said in the repository that they name."""

    directory: str
    policy_name: str
    form: Form = Form.TEXT
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command writes, and in a sentence each registry that could not be read for a part of it."""

    text: str
    unread: tuple[str, ...] = ()


async def show_tags(asked: TagsAsked, around: Surroundings) -> Answer:
    """Write what `niro tags` shows. Raises Mistake and RegistryError."""
    try:
        image = ImageReference.parse(asked.image)
        standing = standing_at(image, asked.current)
    except InvalidImageReference as error:
        raise Mistake(shown(str(error))) from None
    found, problems = _policy_about(image, asked)
    async with _facts(around) as facts:
        listing = await list_tags(image, standing, found, facts, around.clock())
    listing = replace(listing, problems=problems)
    if asked.form is Form.JSON:
        return Answer(listing_as_json(listing))
    return Answer(listing_as_text(listing, width=around.width, every=asked.every))


async def show_explanation(asked: ExplanationAsked, around: Surroundings) -> Answer:
    """Write what `niro explain` shows. Raises Mistake."""
    checkout, found, problems = _read(asked, around.doing)
    async with _facts(around) as facts:
        explanation = await explain(checkout, asked.policy_name, found, facts, around.clock(), said=asked.said)
    explanation = replace(explanation, problems=problems)
    failures = dict.fromkeys(policy.unread for policy in explanation.policies if policy.unread is not None)
    if asked.form is Form.JSON:
        return Answer(explanation_as_json(explanation), tuple(failures))
    return Answer(explanation_as_text(explanation, width=around.width), tuple(failures))


def _read(asked: ExplanationAsked, doing: Callable[[str], None]) -> tuple[Checkout, list[FoundPolicy], tuple[str, ...]]:
    """Read a folder and its policy file; returns them, the policies that are meant, and what is not honoured."""
    root = Path(asked.directory)
    path = root / POLICY_PATH
    if not root.is_dir():
        raise Mistake(f"{shown(asked.directory)} is no folder")
    own = read_policy_file_of(root)
    folder = read_folder(root, doing)
    policy_file, of_flux = with_flux(own, folder.files)
    occurrences = [found for file, content in folder.files.items() for found in find_images(file, content)]
    images = [occurrence.reference for occurrence in occurrences if occurrence.reference is not None]
    expanded, found = named(policy_file, str(path), asked.policy_name, images)
    found = [replace(each, path=None, flux=own.flux) if each.policy.name in of_flux else each for each in found]
    checkout = Checkout(asked.directory, expanded, folder.files, occurrences, folder.not_read)
    return checkout, found, tuple(problem_lines(str(path), expanded))


def _policy_about(image: ImageReference, asked: TagsAsked) -> tuple[FoundPolicy, tuple[str, ...]]:
    """Find the policy about an image, and what of its file is not honoured.

    The file that was named counts, else the one of this folder; where there is none, the policy without any keys.
    """
    if asked.policy_path is not None:
        path = Path(asked.policy_path)
        policy_file = read_policy_file(path)
    elif os.path.lexists(POLICY_PATH):
        path = Path(POLICY_PATH)
        policy_file = read_policy_file_of(Path())
    elif asked.policy_name is not None:
        raise Mistake(
            f"--name {shown(asked.policy_name)} names a policy, but there is no {POLICY_PATH} here; see --policy"
        )
    else:
        return by_default(image), ()
    expanded, found = about_image(policy_file, str(path), image, asked.policy_name)
    return found, tuple(problem_lines(str(path), expanded))


@asynccontextmanager
async def _facts(around: Surroundings) -> AsyncIterator[Facts]:
    """Ask registries as the bot does: only where the settings let it go, and without a credential."""
    settings = around.settings
    async with guarded_sessions() as sessions:
        registries = Registries(sessions, insecure_hosts=settings.insecure_registries, clock=around.clock)
        yield Facts(registries, around.doing, settings.grants)
