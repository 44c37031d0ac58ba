"""A builder of previews: the file in force, a proposed one, and what is known of images and pull requests."""

from __future__ import annotations

from bot.bumps import Base, Bump, Outlook, Preview, decide, differing, plan, preview
from bot.manifests import find_images
from bot.policies import load
from tests.bumps.situations import NOW, pod, tag

APP = "ghcr.io/acme/app"


def policy(image: str = APP, *lines: str) -> str:
    return "\n    ".join([f"  - image: {image}", *(lines or ("range: 1.x",))]) + "\n"


def written(*policies: str, top: str = "") -> str:
    return "version: 1\n" + top + ("images:\n" + "".join(policies) if policies else "")


class Change:
    """A policy file that is in force and one that is proposed: change one thing, then ask for the preview."""

    def __init__(self) -> None:
        self.now: str | None = written(policy())
        self.proposed = written(policy(APP, "range: '*'"))
        self.files = {"app.yaml": pod(f"{APP}:1.0.0")}
        self.tags = {APP: [tag("1.0.0"), tag("1.1.0"), tag("2.0.0")]}
        self.bumps: list[Bump] = []
        self.restrictions: tuple = ()
        self.untold: dict[str, str] = {}
        self.is_complete = True

    @property
    def occurrences(self):
        return [found for path, content in self.files.items() for found in find_images(path, content)]

    def open(self, **changes: object) -> None:
        """Remember as open all that the file in force opens."""
        policy_file = load(self.now)
        decisions = decide(policy_file, self.occurrences, self.tags, self.restrictions, NOW)
        wishes = plan(policy_file, self.occurrences, decisions, [], self.restrictions, Base("main", "c0ffee"), NOW)
        for number, item in enumerate(wishes, start=7):
            values = {
                "group": item.group,
                "branch": item.branch,
                "base": "main",
                "head": "head",
                "pull_request": number,
                "fingerprint": item.fingerprint,
                "proposals": item.proposals,
            }
            self.bumps.append(Bump(**values | changes))

    def preview(self) -> Preview:
        now = None if self.now is None else load(self.now)
        files = differing(now, load(self.proposed), (bump.group for bump in self.bumps))
        outlook_now = None if files.now is None else self._outlook(files.now)
        asked = (self.bumps, self.restrictions, Base("main", "c0ffee"), NOW, self.is_complete)
        return preview(outlook_now, self._outlook(files.proposed), files.groups, *asked)

    def _outlook(self, policy_file) -> Outlook:
        untold = {
            each.name: self.untold[each.image.name] for each in policy_file.images if each.image.name in self.untold
        }
        tags = {image: known for image, known in self.tags.items() if image not in self.untold}
        return Outlook(policy_file, self.occurrences, tags, untold)
