"""What a kustomization takes in under a name that is not a manifest's is told as not read."""

import pytest

from bot.findings.check import checked
from bot.findings.known import Known
from bot.findings.kustomizations import Kustomization
from bot.findings.surroundings import Surroundings
from bot.policies.rules import Severity

RULES = {"latest-image-tag": Severity.HIGH}
KNOWN = Known(surroundings=Surroundings(kustomizations=(Kustomization("tenants/shop.example"),)))


@pytest.mark.parametrize(
    ("resources", "told"),
    [
        ("resources: [app.txt]", ["deploy/app.txt"]),
        ("resources: [app.txt, ./app.txt, ../b.tmpl, app.yaml]", ["deploy/app.txt", "b.tmpl"]),
        ("components: [app.tpl]", ["deploy/app.tpl"]),
        ("bases: [app.manifest]", ["deploy/app.manifest"]),
        (
            "resources: [app.yaml.bak, app.yml.enc, app.json.j2]",
            ["deploy/app.yaml.bak", "deploy/app.yml.enc", "deploy/app.json.j2"],
        ),
        ("resources: [app.yaml, app.yml, app.json, ../base, v1.2, ..]", []),
        ("resources: [../tenants/shop.example]", []),
        ("resources: ['https://example.org/app.txt', 'github.com/acme/app?ref=v1.txt']", []),
        ("resources: [prod.example.com/, ../clusters/eu-west-1.k8s.local, ../v1.28.x, ../yaml.v3]", []),
        ("resources: ['git@github.com:org/x.git', github.com/org/x.git, 'git@example.org:org/app.txt']", []),
        ("configMapGenerator: [{name: a, files: [app.txt]}]", []),
        ("resources: [{app: app.txt}]", []),
    ],
)
def test_files_of_other_names_are_told(resources: str, told: list[str]) -> None:
    found = checked({"deploy/kustomization.yaml": resources.encode()}, RULES, known=KNOWN)

    assert [each.path for each in found.skipped] == told
