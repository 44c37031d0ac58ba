"""The setup page as a person meets it, in a real browser, with a GitHub that answers the manifest form."""

import json

from aiohttp import web
from playwright.async_api import BrowserContext

from bot.web.manifest import app_manifest
from tests.web.conftest import CREDENTIALS, Offering, Serve


class FormTarget:
    """GitHub's page for new Apps: takes the manifest and sends the browser back with a code."""

    def __init__(self) -> None:
        self.manifests: list[dict[str, object]] = []
        self.paths: list[str] = []
        self.application = web.Application()
        self.application.router.add_post("/{path:.*}", self._register)

    async def _register(self, request: web.Request) -> web.Response:
        manifest = json.loads((await request.post())["manifest"])  # type: ignore[arg-type]
        self.manifests.append(manifest)
        self.paths.append(request.path)
        raise web.HTTPFound(f"{manifest['redirect_url']}?code=one-time&state={request.query['state']}")


async def test_a_person_registers_the_app_for_an_organisation(
    offer: Offering, serve: Serve, browser: BrowserContext
) -> None:
    target = FormTarget()
    manifest: dict[str, object] = {"name": "niro-bot", "default_permissions": {"contents": "write"}}
    made = await offer(await serve(target.application), manifest)
    manifest["redirect_url"] = f"{made.url}/setup/created"

    page = await browser.new_page()
    await page.goto(f"{made.url}/?setup={made.setup.token}")
    await page.get_by_label("Organisation").fill("acme")
    await page.get_by_role("button", name="Use this owner").click()
    await page.get_by_role("button", name="Register on GitHub for the organisation acme").click()
    await page.get_by_role("heading", name="Niro bot is registered").wait_for()

    assert target.paths == ["/organizations/acme/settings/apps/new"]
    assert made.codes == ["one-time"]
    assert await page.get_by_role("link", name="Install it").get_attribute("href") == (
        f"{CREDENTIALS.html_url}/installations/new"
    )


async def test_the_page_shows_every_permission_and_runs_no_script(offer: Offering, browser: BrowserContext) -> None:
    hostile = {"contents": "<img src=x onerror=\"document.title='broken'\">"}
    made = await offer(manifest={"name": "niro-bot", "default_permissions": hostile})
    page = await browser.new_page()
    await page.goto(f"{made.url}/?setup={made.setup.token}")
    assert await page.get_by_role("cell", name="contents").count() == 1
    assert await page.title() == "Register Niro bot"


async def test_the_registered_manifest_is_app_yml_with_this_servers_addresses() -> None:
    from bot.settings import Settings

    manifest = app_manifest(Settings().app_manifest, "https://niro.example")
    assert manifest["hook_attributes"]["url"] == "https://niro.example/webhook"
    assert manifest["redirect_url"] == "https://niro.example/setup/created"
    assert manifest["public"] is False
