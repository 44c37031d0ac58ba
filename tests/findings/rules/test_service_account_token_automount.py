"""A pod that neither asks for its service account's token nor refuses it is found, where nobody else does."""

import pytest

from tests.findings.rules.workloads import container, findings, line_with, manifest

RULE = "service-account-token-automount"


def account(keys: str = "", name: str = "web", namespace: str = "shop") -> str:
    return f"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}, namespace: {namespace}}}\n{keys}\n"


REFUSED = account("automountServiceAccountToken: false")
ASKED = account("automountServiceAccountToken: true")
NAMED = manifest(kind="Deployment", pod="serviceAccountName: web")

# A manifest, and the service account beside it.
FOUND = {
    "nothing is written": (manifest(), ""),
    "in a Deployment": (manifest(kind="Deployment"), ""),
    "in a CronJob": (manifest(kind="CronJob"), ""),
    "null": (manifest(pod="automountServiceAccountToken: ~"), ""),
    "the default account by name": (manifest(pod="serviceAccountName: default"), ""),
    "an empty name": (manifest(pod="serviceAccountName: ''"), ""),
    "in a container, which knows no such key": (manifest("automountServiceAccountToken: false"), ""),
    "an account that does not say": (NAMED, account()),
    "an account by the old key": (manifest(pod="serviceAccount: web"), account()),
    "an account whose namespace is not written": (NAMED, account(namespace='""')),
    "another account refuses": (NAMED, account() + "---\n" + account("automountServiceAccountToken: false", "other")),
    "the default account of another namespace refuses": (
        manifest(),
        account("automountServiceAccountToken: false", "default", "other"),
    ),
    "on Windows": (manifest(pod="os: {name: windows}"), ""),
}
SILENT = {
    "refused": (manifest(pod="automountServiceAccountToken: false"), ""),
    "asked for": (manifest(pod="automountServiceAccountToken: true"), ""),
    "refused, whatever the account says": (manifest(pod="automountServiceAccountToken: false"), ASKED),
    "a text": (manifest(pod="automountServiceAccountToken: 'false'"), ""),
    "a template": (manifest(pod="automountServiceAccountToken: {{ .Values.automount }}"), ""),
    "written twice": (manifest(pod="automountServiceAccountToken: true\nautomountServiceAccountToken: false"), ""),
    "refused by the account": (NAMED, REFUSED),
    "refused by the account by the old key": (manifest(pod="serviceAccount: web"), REFUSED),
    "refused by the default account": (manifest(), account("automountServiceAccountToken: false", "default")),
    "asked for by the account": (NAMED, ASKED),
    "an account that is not in the repository": (NAMED, ""),
    "an account of the same name in another namespace": (NAMED, account(namespace="other")),
    "an account that a template names": (manifest(pod="serviceAccountName: '{{ .Values.account }}'"), account()),
    "an account that is a template": (manifest(pod="serviceAccountName: {{ .Values.account }}"), account()),
    "an account whose own name a template fills in": (
        manifest(pod="serviceAccountName: '{{ .Values.account }}'"),
        account(name="'{{ .Values.account }}'"),
    ),
    "an account that is a list": (manifest(pod="serviceAccountName: [web]"), ""),
    "an account that is named twice": (manifest(pod="serviceAccountName: web\nserviceAccountName: web"), account()),
    "left out by a patch": (manifest(kind="Deployment", spec=""), ""),
}


def found(text: str, beside: str) -> int:
    return len(findings(RULE, text, others={"app/account.yaml": beside} if beside else None))


@pytest.mark.parametrize(("text", "beside"), FOUND.values(), ids=FOUND)
def test_it_is_found(text: str, beside: str) -> None:
    assert found(text, beside) == 1


@pytest.mark.parametrize(("text", "beside"), SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str, beside: str) -> None:
    assert found(text, beside) == 0


def test_it_is_found_once_for_all_containers_at_the_first_image() -> None:
    text = manifest(kind="Deployment", more=container(name="other"))
    (finding,) = findings(RULE, text)

    assert finding.line == line_with(text, "image:")
    assert finding.container == ""
    assert "`default`" in finding.message
