"""Releases as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.shapes.basics import Json, moment
from bot.sandbox.shapes.people import simple_user
from bot.sandbox.shapes.repositories import api_url, html_url

if TYPE_CHECKING:
    from bot.sandbox.model import Release, Repository
    from bot.sandbox.world import World


def release(world: World, repository: Repository, record: Release) -> Json:
    """Return GitHub's ``release``, without files."""
    root, page = api_url(world, repository), html_url(world, repository)
    url = f"{root}/releases/{record.id}"
    return {
        "id": record.id,
        "node_id": record.node_id,
        "url": url,
        "html_url": f"{page}/releases/tag/{record.tag}",
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "tarball_url": f"{root}/tarball/{record.tag}",
        "zipball_url": f"{root}/zipball/{record.tag}",
        "tag_name": record.tag,
        "target_commitish": repository.default_branch,
        "name": record.name,
        "body": record.body,
        "draft": record.draft,
        "prerelease": record.prerelease,
        "immutable": False,
        "created_at": moment(record.created_at),
        "published_at": moment(record.published_at),
        "author": simple_user(world, record.author),
        "assets": [],
    }
