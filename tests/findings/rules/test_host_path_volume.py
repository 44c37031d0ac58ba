"""A volume that is a path of the node is found, unless it leads to a container engine, which has its own rule."""

import pytest

from tests.findings.rules.workloads import findings, line_with, manifest

RULE = "host-path-volume"


def volume(host_path: str, more: str = "", *, kind: str = "Pod", **further: str) -> str:
    return manifest(kind=kind, pod=f"volumes: [{{name: data, hostPath: {host_path}{more}}}]", **further)


FOUND = {
    "a folder": volume("{path: /srv/data}"),
    "with a type": volume("{path: /srv/data, type: DirectoryOrCreate}"),
    "the root of the node": volume("{path: /}"),
    "logs": volume("{path: /var/log}", kind="DaemonSet"),
    "of the kubelet": volume("{path: /var/lib/kubelet}"),
    "another socket": volume("{path: /run/systemd/private}"),
    "a folder of Docker that is not its socket's": volume("{path: /var/lib/docker/containers}"),
    "a name that only begins like a socket's": volume("{path: /srv/docker.sock.d}"),
    "an empty path": volume("{path: ''}"),
    "no path": volume("{type: Directory}"),
    "a path that a template fills in": volume("{path: '{{ .Values.path }}'}"),
    "longer than a path can be": volume(f"{{path: {'/srv' * 1_025}/docker.sock}}"),
    "of Windows": volume(r"{path: 'C:\data'}"),
    "in a CronJob": volume("{path: /srv/data}", kind="CronJob"),
    "in a patch": volume("{path: /srv/data}", kind="Deployment", spec=""),
    "in a patch without containers": "kind: Deployment\nspec: {template: {spec: {volumes: [{name: data, hostPath: "
    "{path: /srv/data}}]}}}\n",
}
SILENT = {
    "no volume": manifest(),
    "no volumes": manifest(pod="volumes: []"),
    "null": volume("~"),
    "an empty folder": manifest(pod="volumes: [{name: data, emptyDir: {}}]"),
    "a claim": manifest(pod="volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]"),
    "a template": volume("{{ .Values.hostPath }}"),
    "volumes that are a template": manifest(pod="volumes: {{ .Values.volumes }}"),
    "volumes that are a mapping": manifest(pod="volumes: {name: data, hostPath: {path: /srv}}"),
    "a text": volume("/srv/data"),
    "written twice": volume("{path: /srv/data}", ", hostPath: {path: /srv/other}"),
    "taken out by a patch": volume("{path: /srv/data}", ", $patch: delete"),
    "a folder in a PersistentVolume": "apiVersion: v1\nkind: PersistentVolume\nspec: {hostPath: {path: /srv/data}}\n",
    "the socket of Docker": volume("{path: /var/run/docker.sock}"),
    "the folder of a socket": volume("{path: /run/containerd}"),
    "in a container, which knows no such key": manifest("hostPath: {path: /srv/data}"),
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_it_is_found(text: str) -> None:
    assert len(findings(RULE, text)) == 1


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


def test_each_volume_is_told_on_the_line_of_its_path() -> None:
    text = manifest(
        pod="""
        volumes:
          - name: logs
            hostPath:
              path: /var/log
          - name: cache
            emptyDir: {}
          - name: data
            hostPath:
              type: Directory
              path: /srv/data
        """
    )
    found = findings(RULE, text)

    assert [each.line for each in found] == [line_with(text, "/var/log"), line_with(text, "/srv/data")]
    assert ["`logs`" in found[0].message, "`/srv/data`" in found[1].message] == [True, True]


def test_a_path_that_is_not_written_is_called_a_path() -> None:
    (finding,) = findings(RULE, FOUND["no path"])

    assert finding.message.startswith("The volume `data` is a path of the node:")


def test_volumes_are_told_apart_by_their_names_or_else_by_their_places() -> None:
    text = manifest(pod="volumes: [{name: data, hostPath: {path: /srv}}, {hostPath: {path: /tmp}}]")

    assert [each.field for each in findings(RULE, text)] == ["spec.volumes[1].hostPath", "spec.volumes[data].hostPath"]


def test_the_fingerprint_stays_where_a_volume_comes_before() -> None:
    before = manifest(pod="volumes: [{name: data, hostPath: {path: /srv}}]")
    after = manifest(pod="volumes: [{name: tmp, hostPath: {path: /tmp}}, {name: data, hostPath: {path: /srv}}]")

    assert findings(RULE, before)[0].fingerprint in {each.fingerprint for each in findings(RULE, after)}
