"""Where the App is installed, what it may see there, and who it is itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.github.errors import NotFound, NotInstalled, UnexpectedAnswer
from bot.github.scopes import Access, Scope

if TYPE_CHECKING:
    from bot.github.client import GitHub


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """Who the bot is: `bot_login` ("slug[bot]") is the author of everything it writes, `homepage` what it is about."""

    app_id: int
    slug: str
    bot_login: str
    homepage: str = ""


@dataclass(frozen=True, slots=True)
class InstallationFacts:
    """One installation. `account` is the login of the user or organisation, `account_type` User or Organization."""

    id: int
    account: str
    account_type: str
    suspended: bool


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """One repository of an installation."""

    id: int
    full_name: str
    default_branch: str
    private: bool
    archived: bool


async def identity(github: GitHub) -> AppIdentity:
    """Ask GitHub who the App is."""
    data = (await github.as_app("GET", "/app")).data
    homepage = str(data.get("external_url") or "")
    return AppIdentity(data["id"], data["slug"], f"{data['slug']}[bot]", homepage)


async def every_installation(github: GitHub) -> list[InstallationFacts]:
    """List every installation of the App, page by page."""
    found: list[InstallationFacts] = []
    page: str | None = "/app/installations?per_page=100"
    while page is not None:
        answer = await github.as_app("GET", page)
        found += [_installation(item) for item in answer.data]
        page = answer.next_page
    return found


async def one_installation(github: GitHub, installation: int) -> InstallationFacts | None:
    """Look at one installation. None: it is gone."""
    try:
        answer = await github.as_app("GET", "/app/installations/{id}", {"id": str(installation)})
    except NotFound:
        return None
    return _installation(answer.data)


async def repositories(github: GitHub, installation: int) -> list[RepositoryFacts]:
    """List the repositories an installation was given, page by page."""
    access = Access(installation, None, Scope.LIST)
    return await _listed(github, access)


async def repository_by_id(github: GitHub, installation: int, repository_id: int) -> RepositoryFacts | None:
    """Look at one repository by its id, which outlives its name: a token for it alone lists it alone.

    None: it is gone, or was taken out of the installation (or the installation is gone).
    """
    try:
        listed = await _listed(github, Access(installation, repository_id, Scope.LIST))
    except (NotInstalled, NotFound):
        return None
    return next((repository for repository in listed if repository.id == repository_id), None)


async def _listed(github: GitHub, access: Access) -> list[RepositoryFacts]:
    found: list[RepositoryFacts] = []
    async for page in github.pages(access, "/installation/repositories?per_page=100"):
        if not isinstance(page, dict):
            raise UnexpectedAnswer("the answer holds no list of repositories")
        found += [_repository(item) for item in page["repositories"]]
    return found


def _installation(item: dict[str, Any]) -> InstallationFacts:
    account = item.get("account") or {}
    login = account.get("login") or account.get("slug") or ""
    return InstallationFacts(
        id=item["id"],
        account=str(login),
        account_type=str(item.get("target_type") or account.get("type") or ""),
        suspended=item.get("suspended_at") is not None,
    )


def _repository(item: dict[str, Any]) -> RepositoryFacts:
    return RepositoryFacts(
        id=item["id"],
        full_name=item["full_name"],
        default_branch=item.get("default_branch") or "",
        private=bool(item["private"]),
        archived=bool(item.get("archived")),
    )
