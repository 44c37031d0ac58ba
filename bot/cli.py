"""The command line: every `niro ...`, and what each does with mistakes, secrets and exit codes."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import os
import secrets
import shutil
import sys
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

import click
from pydantic import ValidationError

from bot.logs import configure_logs, keep_out_of_logs
from bot.secrets_in_text import without_secrets
from bot.settings import Settings, load_settings, settings_file

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from pydantic_core import ErrorDetails

    from bot.explaining import Answer, Surroundings

HOOK_KINDS = {"dockerhub": "docker.io"}
"""What may call, and the registry host it may speak of."""

WIDEST = 100
"""Columns; longer lines are hard to read."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="niro-bot")
def commands() -> None:
    """Keep the container images in manifests up to date, one small explained pull request at a time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; `arguments` are those of the process when None. Ends the process with its exit code."""
    commands(args=arguments)


@commands.command()
def serve() -> None:
    """Start the doors and the work behind them; without credentials, the setup page."""
    from bot.assembly import serve as start  # noqa: PLC0415 - the other commands start faster without it

    _start(start)


@commands.command()
def worker() -> None:
    """Do work without opening the public doors: one more machine, on PostgreSQL."""
    from bot.assembly import work as start  # noqa: PLC0415

    _start(start)


@commands.command()
@click.option("--serve", "keep", is_flag=True, help="Keep the bot and its sandbox running until Ctrl-C.")
def demo(*, keep: bool) -> None:
    """Show the bot's main job on a sandbox GitHub and a real registry."""
    from bot.demo import demonstrate  # noqa: PLC0415

    sys.exit(asyncio.run(demonstrate(keep=keep)))


_FORM = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for scripts."
)


@commands.command()
@click.argument("image")
@click.option("--policy", "path", metavar="FILE", help="The policy file; .niro/policies.yml if there is one here.")
@click.option("--name", metavar="NAME", help="Which policy, where FILE has several about the image.")
@click.option("--current", metavar="TAG", help="The tag in use; IMAGE may name it too.")
@_FORM
@click.option("--all", "every", is_flag=True, help="Show each tag that was not selected in a line of its own.")
def tags(image: str, path: str | None, name: str | None, current: str | None, form: str, *, every: bool) -> None:
    """Show which tag of IMAGE wins, and why not the others."""
    from bot.explaining import Form, TagsAsked, show_tags  # noqa: PLC0415

    asked = TagsAsked(image, path, name, current, Form(form), every)
    _show(lambda around: show_tags(asked, around))


@commands.command()
@click.argument("directory", metavar="DIR")
@click.argument("policy")
@_FORM
def explain(directory: str, policy: str, form: str) -> None:
    """Show what POLICY does with the manifests in DIR, and why."""
    from bot.explaining import ExplanationAsked, Form, show_explanation  # noqa: PLC0415

    asked = ExplanationAsked(directory, policy, Form(form))
    _show(lambda around: show_explanation(asked, around))


@commands.command()
@click.option(
    "--output",
    type=click.File("w", encoding="utf-8", lazy=False, atomic=True),
    metavar="FILE",
    default="-",
    help="Write it there, not to standard output.",
)
def schema(output: IO[str]) -> None:
    """Write the JSON Schema of the policy file, which editors complete and check by."""
    from bot.policies.schema import document  # noqa: PLC0415

    click.echo(document(), file=output, nl=False)


@commands.group()
def hooks() -> None:
    """Addresses that registries call when an image was pushed."""


@hooks.command()
@click.argument("kind", type=click.Choice(list(HOOK_KINDS)))
@click.option("--installation", type=int, required=True, help="The installation the hook belongs to.")
def add(kind: str, installation: int) -> None:
    """Make a new address for a registry to call. It is shown once: only a hash of its secret is kept."""
    identifier, secret = secrets.token_urlsafe(9), secrets.token_urlsafe(32)
    settings = _settings()
    _run(_save_hook(settings, kind, installation, identifier, hashlib.sha256(secret.encode()).digest()))
    click.echo(f"{settings.public_url}/hooks/{kind}/{identifier}/{secret}")


async def _save_hook(settings: Settings, kind: str, installation: int, identifier: str, digest: bytes) -> None:
    from bot.store import Hook, Store  # noqa: PLC0415

    store = await Store.open(settings.database_url, exclusive=False)
    try:
        await store.hooks.create(Hook(identifier, kind, installation, HOOK_KINDS[kind], ""), digest)
    finally:
        await store.close()


@commands.command(name="settings")
@click.option("--markdown", is_flag=True, help="Write the page of the documentation instead.")
def show_settings(*, markdown: bool) -> None:
    """List every setting, what it means and what it is; secrets are not shown."""
    from bot.settings_table import document, rows  # noqa: PLC0415

    settings = _settings()
    if markdown:
        click.echo(document(settings), nl=False)
        return
    for row in rows(settings):
        click.echo(f"{row.name}={row.value}\n    {row.meaning}\n")


class BadInput(click.ClickException):
    """Something the caller gave cannot be as it is; each line says what and why."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the lines and nothing else."""
        click.echo(self.format_message(), err=True, file=file)


class BadSetting(BadInput):
    """A setting cannot be as it is."""


class CannotRead(BadInput):
    """What the caller gave is right, but a registry does not tell."""

    exit_code = 1


class CannotStart(click.ClickException):
    """The settings are right, but what they name does not answer or is taken."""


def _settings() -> Settings:
    """Read the settings; what cannot be is told without its value, which may be a secret."""
    try:
        return load_settings()
    except ValidationError as error:
        raise BadSetting("\n".join(_sentence(item) for item in error.errors(include_input=False))) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is not UTF-8"
        raise BadSetting(f"the settings file {settings_file()} cannot be read: {reason}") from None


def _sentence(item: ErrorDetails) -> str:
    said = item["msg"].removeprefix("Value error, ")
    return f"NIRO_{str(item['loc'][0]).upper()}: {said}" if item["loc"] else said


def _start(work: Callable[[Settings], Coroutine[object, object, None]]) -> None:
    """Run what serves or works until it ends; from here on everything is said through the log."""
    settings = _settings()
    configure_logs(settings.log_format, settings.log_level)
    keep_out_of_logs(settings.secrets)
    _run(work(settings))


def _run(work: Coroutine[object, object, None]) -> None:
    from bot.store import InvalidStoreUrl, StoreError  # noqa: PLC0415

    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:  # where it does not install
        run: Callable[..., None] = asyncio.run
    else:
        run = uvloop.run
    try:
        run(work)
    except ValidationError as error:
        raise BadSetting("\n".join(_sentence(item) for item in error.errors(include_input=False))) from None
    except InvalidStoreUrl as error:
        raise BadSetting(f"NIRO_DATABASE_URL: {error}") from None
    except (StoreError, OSError) as error:
        raise CannotStart(without_secrets(str(error))) from error


def _show(work: Callable[[Surroundings], Coroutine[object, object, Answer]]) -> None:
    """Write what a command found out; nothing else goes to standard output."""
    from bot.explaining import AT_A_TERMINAL, ELSEWHERE, Mistake, Progress, Surroundings, unread  # noqa: PLC0415
    from bot.registries import RegistryError  # noqa: PLC0415

    settings = _settings()
    patience = AT_A_TERMINAL if sys.stderr.isatty() else ELSEWHERE
    try:
        with Progress(lambda line: _say(f"{line}\n", err=True), patience) as progress:
            around = Surroundings(settings, lambda: datetime.now(UTC), progress.doing, _width())
            answer = asyncio.run(work(around))
    except Mistake as mistake:
        raise BadInput("\n".join(mistake.lines)) from None
    except RegistryError as error:
        raise CannotRead(unread(error)) from None
    _say(answer.text)
    if answer.unread:
        raise CannotRead("\n".join(answer.unread))


def _width() -> int:
    """Give the columns to write in. What is no terminal gets whole lines, which can be searched."""
    from bot.explaining import UNWRAPPED  # noqa: PLC0415

    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return UNWRAPPED
    return min(shutil.get_terminal_size().columns, WIDEST)


def _say(text: str, *, err: bool = False) -> None:
    """Write a text as it is; letters that the terminal has no code for are escaped."""
    encoding = (sys.stderr if err else sys.stdout).encoding or "utf-8"
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False, err=err)
