"""What the setup page looks like: HTML without scripts, every value escaped."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; margin: 0; }
main { max-width: 40rem; margin: 4rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
label { display: block; margin: 1rem 0 .3rem; }
input { font: inherit; padding: .5rem .7rem; width: 100%; box-sizing: border-box; border: 1px solid #8c959f; border-radius: 6px; }
button, a.button { font: inherit; font-weight: 600; display: inline-block; margin-top: 1rem; padding: .6rem 1.2rem; border-radius: 6px;
  border: 1px solid #1a7f37; background: #1a7f37; color: #fff; text-decoration: none; cursor: pointer; }
button.second { background: #fff; color: #1f2328; border-color: #8c959f; }
button:focus-visible, a:focus-visible, input:focus-visible { outline: 3px solid #0969da; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #d1d9e0; }
.warning { border-left: 4px solid #9a6700; padding-left: .8rem; }
code { overflow-wrap: anywhere; font-family: ui-monospace, monospace; font-size: .9em; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } input, button.second { background: #0d1117; color: #e6edf3; }
  td, th { border-color: #3d444d; } }
"""  # noqa: E501 - a style sheet


def security_headers(form_targets: str) -> dict[str, str]:
    """Headers of every page: nothing is loaded from anywhere, and forms go only to `form_targets`."""
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'unsafe-inline'; form-action {form_targets}; "
            "frame-ancestors 'none'; base-uri 'none'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def register_page(manifest: Mapping[str, Any], github_web_url: str, state: str, organisation: str) -> str:
    """Render the page with which a person registers the App; `organisation` is "" for their own account."""
    owner = f"/organizations/{quote(organisation, safe='')}" if organisation else ""
    action = f"{github_web_url}{owner}/settings/apps/new?state={quote(state)}"
    where = f"the organisation {escape(organisation)}" if organisation else "your own account"
    permissions = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(str(access))}</td></tr>"
        for name, access in manifest["default_permissions"].items()
    )
    hook = str(manifest.get("hook_attributes", {}).get("url", ""))
    return _page(
        "Register Niro bot",
        f"""
<p>This bot has no GitHub App yet. GitHub makes one from the list below and hands its keys to this server;
they are written to the settings file, which only this server's user can read.</p>
<form method="get" action="/setup">
  <label for="organisation">Organisation that will own the App (leave empty for your own account)</label>
  <input id="organisation" name="organisation" value="{escape(organisation)}" pattern="[A-Za-z0-9-]*" maxlength="39"
    autocomplete="off">
  <button class="second">Use this owner</button>
</form>
<form method="post" action="{escape(action)}">
  <input type="hidden" name="manifest" value="{escape(json.dumps(manifest))}">
  <button id="register">Register on GitHub for {where}</button>
</form>
<h2>Where GitHub will call</h2>
<p><code>{escape(hook)}</code></p>{_warning(hook)}
<h2>What the App may do</h2>
<table><tr><th>Permission</th><th>Access</th></tr>{permissions}</table>
""",
    )


def _warning(hook: str) -> str:
    host = urlsplit(hook).hostname or ""
    if host != "localhost" and not host.startswith("127."):
        return ""
    return (
        '<p class="warning">GitHub cannot reach this address, and refuses to register it. Set <code>NIRO_PUBLIC_URL'
        "</code> to the one under which the internet sees this server, and start it again.</p>"
    )


def registered_page(install_url: str) -> str:
    """Render the page that says the App exists; `install_url` is where it is installed."""
    return _page(
        "Niro bot is registered",
        f"""
<p>The keys are stored and this page is gone now. One step is left: choose the repositories it may see.</p>
<p><a class="button" href="{escape(install_url)}">Install it</a></p>
""",
    )


def refused_page(sentence: str, way_on: str = "", address: str = "") -> str:
    """Render the page that says why the setup did not go on; `way_on` names a link to `address`, if there is one."""
    link = f'<p><a class="button" href="{escape(address)}">{escape(way_on)}</a></p>' if way_on else ""
    return _page("Setup did not go on", f"<p>{escape(sentence)}</p>{link}")


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
