"""A container drops the capabilities that it is given, and adds none but those that are allowed."""

import pytest

from tests.findings.rules.workloads import container, findings, line_with, manifest

RULE = "dangerous-capabilities"
GIVEN = (
    "[AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_RAW, SETFCAP, SETGID, SETPCAP, SETUID,"
    " SYS_CHROOT]"
)


def capabilities(written: str, **more: str) -> str:
    return manifest(f"securityContext: {{capabilities: {written}}}", **more)


# Which capabilities are told of as added, and whether it is told that others are kept.
CASES = {
    "nothing is written": (manifest(), [], True),
    "an empty context": (manifest("securityContext: {}"), [], True),
    "nothing is dropped": (capabilities("{drop: []}"), [], True),
    "null": (capabilities("{drop: ~, add: ~}"), [], True),
    "all is dropped": (capabilities("{drop: [ALL]}"), [], False),
    "all is dropped, in small letters": (capabilities("{drop: [all]}"), [], False),
    "all is dropped by the name of the kernel": (capabilities("{drop: [CAP_ALL]}"), [], False),
    "all is dropped among others": (capabilities("{drop: [NET_RAW, ALL]}"), [], False),
    "some are dropped": (capabilities("{drop: [NET_RAW, SYS_CHROOT]}"), [], True),
    "all that are given are dropped by name": (capabilities(f"{{drop: {GIVEN}}}"), [], False),
    "the same by other names": (capabilities(f"{{drop: {GIVEN.replace('[', '[cap_').lower()}}}"), [], False),
    "an allowed one is added": (capabilities("{drop: [ALL], add: [NET_BIND_SERVICE]}"), [], False),
    "an allowed one by its other name": (capabilities("{drop: [ALL], add: [cap_net_bind_service]}"), [], False),
    "another one is added": (capabilities("{drop: [ALL], add: [SYS_ADMIN]}"), ["SYS_ADMIN"], False),
    "one that is given otherwise is added": (capabilities("{drop: [ALL], add: [CHOWN]}"), ["CHOWN"], False),
    "one is added in small letters": (capabilities("{drop: [ALL], add: [sys_admin]}"), ["sys_admin"], False),
    "one is added as the kernel calls it": (capabilities("{drop: [ALL], add: [CAP_BPF]}"), ["CAP_BPF"], False),
    "all are added": (capabilities("{drop: [ALL], add: [ALL]}"), ["ALL"], False),
    "two are added": (capabilities("{drop: [ALL], add: [NET_ADMIN, SYS_TIME]}"), ["NET_ADMIN", "SYS_TIME"], False),
    "one is added and nothing dropped": (capabilities("{add: [NET_ADMIN]}"), ["NET_ADMIN"], True),
    "dropped for the pod, which knows no such key": (
        manifest(pod="securityContext: {capabilities: {drop: [ALL]}}"),
        [],
        True,
    ),
    "privileged, which has its own rule": (
        manifest("securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}"),
        [],
        False,
    ),
    "on Windows": (capabilities("{add: [SYS_ADMIN]}", pod="os: {name: windows}"), [], False),
    "what is dropped is a template": (capabilities("{drop: ['{{ .drop }}']}"), [], False),
    "what is dropped is a text": (capabilities("{drop: ALL}"), [], False),
    "what is added is a template": (capabilities("{drop: [ALL], add: ['${ADD}']}"), [], False),
    "what is added is a text": (capabilities("{drop: [ALL], add: SYS_ADMIN}"), [], False),
    "what is added is no text": (capabilities("{drop: [ALL], add: [{}, [], ~, '']}"), [], False),
    "all of it is a template": (capabilities("{{ .Values.capabilities }}"), [], False),
    "dropped twice": (capabilities("{drop: [NET_RAW], drop: [KILL]}"), [], False),
    "left out by a patch": (manifest(kind="Deployment", spec=""), [], False),
    "added by a patch": (capabilities("{add: [SYS_ADMIN]}", kind="Deployment", spec=""), ["SYS_ADMIN"], False),
    "in a CronJob": (capabilities("{add: [SYS_PTRACE]}", kind="CronJob"), ["SYS_PTRACE"], True),
    "an init container": (capabilities("{drop: [ALL]}", init=container()), [], True),
    "an ephemeral container": (capabilities("{drop: [ALL]}", ephemeral=container()), [], True),
}


@pytest.mark.parametrize(("text", "added", "keeps"), CASES.values(), ids=CASES)
def test_what_is_added_and_what_is_kept(text: str, added: list[str], keeps: bool) -> None:
    messages = [each.message for each in findings(RULE, text)]

    assert [each.split("`")[3] for each in messages if " adds " in each] == added
    assert [" keeps " in each for each in messages if " adds " not in each] == [True] * keeps


@pytest.mark.parametrize(
    ("allow", "written", "found"),
    [
        ((), "{drop: [ALL], add: [NET_BIND_SERVICE]}", 1),
        (("NET_ADMIN",), "{drop: [ALL], add: [NET_ADMIN]}", 0),
        (("CAP_NET_ADMIN",), "{drop: [ALL], add: [net_admin]}", 0),
        (("NET_ADMIN",), "{drop: [ALL], add: [NET_ADMIN, NET_BIND_SERVICE]}", 1),
        (("ALL",), "{drop: [ALL], add: [ALL]}", 0),
        (("NET_BIND_SERVICE", "CHOWN"), f"{{drop: {GIVEN.replace('CHOWN, ', '')}}}", 0),
    ],
)
def test_the_option_names_what_may_be_added(allow: tuple[str, ...], written: str, found: int) -> None:
    assert len(findings(RULE, capabilities(written), allow=allow)) == found


def test_each_is_told_on_its_own_line() -> None:
    text = manifest(
        """
        securityContext:
          capabilities:
            drop:
              - KILL
            add:
              - SYS_ADMIN
              - SYS_TIME
        """
    )

    assert [each.line for each in findings(RULE, text)] == [
        line_with(text, "- KILL"),
        line_with(text, "- SYS_ADMIN"),
        line_with(text, "- SYS_TIME"),
    ]


def test_what_is_not_dropped_is_told_at_the_image() -> None:
    text = manifest(kind="Deployment")
    (finding,) = findings(RULE, text)

    assert finding.line == line_with(text, "image:")
    assert finding.field == "spec.template.spec.containers[0].securityContext.capabilities.drop"


def test_the_fingerprint_stays_where_another_is_added_before() -> None:
    (before,) = findings(RULE, capabilities("{drop: [ALL], add: [SYS_TIME]}"))
    (_, after) = findings(RULE, capabilities("{drop: [ALL], add: [BPF, SYS_TIME]}"))

    assert before.fingerprint == after.fingerprint
