"""The sections about findings: what each key means, and what is said of one that will not do."""

import pickle
from collections.abc import Callable
from datetime import date
from textwrap import dedent, indent

import pytest

from bot.images import ImageReference
from bot.policies import PolicyFile, Problem, load
from bot.policies.findings import Environment, Findings, PullSecret, RegistryPrefix, RuleSettings, Waiver
from bot.policies.rules import Severity

LOW, MEDIUM, HIGH, OFF = Severity.LOW, Severity.MEDIUM, Severity.HIGH, None

WHOLE = """\
version: 1
pull-secrets:
  - {registry: ghcr.io/my-org, name: ghcr-pull}
environments:
  - {name: production, paths: ["clusters/prod/**"]}
  - {name: dev, paths: ["clusters/dev/**"]}
findings:
  fail-on: high
  comment-on: low
  rules:
    latest-image-tag: {severity: {default: medium, production: high}, mutable-tags: [latest, stable, main]}
    single-replica: {default: low, production: high}
    image-registry-not-allowed: {severity: high, allow: [ghcr.io/my-org]}
    image-not-pinned-to-digest: off
  ignore:
    - {rule: single-replica, paths: ["clusters/dev/**"], reason: "one node", until: 2027-01-01}
"""


@pytest.fixture(scope="module")
def rule_with() -> Callable[[str, str], RuleSettings]:
    """Give the settings of a rule about which this is written, in a file with the environments production and dev."""

    def settings(rule: str, written: str) -> RuleSettings:
        return load(file_with(f"{rule}: {written}")).findings.rules[rule]

    return settings


@pytest.fixture(scope="module")
def problem_of(problems_in) -> Callable[[str], Problem]:
    """Give the one problem of a file with these keys under `rules`; they begin in line 7, column 5."""

    def problem(rules: str) -> Problem:
        (only,) = problems_in(file_with(rules))
        return only

    return problem


def file_with(rules: str) -> str:
    head = "version: 1\nenvironments:\n  - {name: production, paths: [prod]}\n  - {name: dev, paths: [dev]}\n"
    return f"{head}findings:\n  rules:\n{indent(dedent(rules), '    ')}\n"


def severities(settings: RuleSettings) -> tuple[Severity | None, ...]:
    return tuple(settings.severity_in(name) for name in (None, "production", "dev"))


class TestAWholeFile:
    def test_is_read(self):
        file = load(WHOLE)

        assert file.pull_secrets == (PullSecret(RegistryPrefix("ghcr.io", "my-org"), "ghcr-pull"),)
        assert file.environments == (
            Environment("production", ("clusters/prod/**",)),
            Environment("dev", ("clusters/dev/**",)),
        )
        findings = file.findings
        assert (findings.fail_on, findings.comment_on) == (HIGH, LOW)
        assert severities(findings.rules["latest-image-tag"]) == (MEDIUM, HIGH, MEDIUM)
        assert findings.rules["latest-image-tag"].option("mutable-tags") == ("latest", "stable", "main")
        assert severities(findings.rules["single-replica"]) == (LOW, HIGH, LOW)
        assert severities(findings.rules["image-registry-not-allowed"]) == (HIGH, HIGH, HIGH)
        assert findings.rules["image-registry-not-allowed"].option("allow") == (RegistryPrefix("ghcr.io", "my-org"),)
        assert severities(findings.rules["image-not-pinned-to-digest"]) == (OFF, OFF, OFF)
        waiver = Waiver("single-replica", ("clusters/dev/**",), "one node", date(2027, 1, 1), 16)
        assert findings.ignore == (waiver,)

    def test_travels_between_processes_and_can_be_a_key(self):
        file = load(WHOLE)

        assert pickle.loads(pickle.dumps(file)) == file
        assert hash(pickle.loads(pickle.dumps(file.findings))) == hash(file.findings)


def test_what_is_not_written_has_a_default():
    file = load("version: 1")

    assert (file.findings, file.environments, file.pull_secrets) == (Findings(), (), ())
    assert (file.findings.fail_on, file.findings.comment_on, file.findings.ignore) == (None, MEDIUM, ())
    assert file == PolicyFile(enabled=True, images=())


@pytest.mark.parametrize(
    ("written", "meant"), [("never", None), ("low", LOW), ("medium", MEDIUM), ("high", HIGH), ("'high'", HIGH)]
)
def test_fail_on_is_a_severity_or_never(written, meant):
    assert load(f"version: 1\nfindings: {{fail-on: {written}}}").findings.fail_on is meant


@pytest.mark.parametrize(
    "written", ["off", "Off", "OFF", "oFf", "false", "False", "FALSE", "no", "No", "NO", "'off'", '"no"', "'false'"]
)
def test_off_has_many_spellings(rule_with, written):
    off = rule_with("single-replica", written)

    assert severities(off) == (OFF, OFF, OFF)
    assert rule_with("single-replica", f"{{severity: {written}}}") == off
    assert severities(rule_with("single-replica", f"{{dev: {written}}}")) == (LOW, HIGH, OFF)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("high", (HIGH, HIGH, HIGH)),
        ("{severity: high}", (HIGH, HIGH, HIGH)),
        ("{}", (MEDIUM, HIGH, LOW)),
        ("{liveness: false}", (MEDIUM, HIGH, LOW)),
        ("{production: low}", (MEDIUM, LOW, LOW)),
        ("{severity: {production: low}}", (MEDIUM, LOW, LOW)),
        ("{default: low}", (LOW, LOW, LOW)),
        ("{default: low, dev: off}", (LOW, LOW, OFF)),
        ("{default: off, production: medium}", (OFF, MEDIUM, OFF)),
        ("{production: off, dev: off}", (MEDIUM, OFF, OFF)),
    ],
)
def test_severities_by_environment_are_laid_over_the_rules_own(rule_with, written, meant):
    """What stands under `default` replaces them all; without it they stay where nothing is written."""
    assert severities(rule_with("missing-health-probes", written)) == meant


@pytest.mark.parametrize(
    ("rule", "option", "written", "meant"),
    [
        ("latest-image-tag", "mutable-tags", "[1.10, on, edge]", ("1.10", "on", "edge")),
        ("latest-image-tag", "mutable-tags", "[]", ()),
        ("public-image-no-credential", "allow", "[quay.io/prometheus]", (RegistryPrefix("quay.io", "prometheus"),)),
        ("public-image-no-credential", "private", "['r.example:5000']", (RegistryPrefix("r.example:5000"),)),
        ("image-not-pinned-to-digest", "allow", "['[::1]:5000/a/b']", (RegistryPrefix("[::1]:5000", "a/b"),)),
        ("image-registry-not-allowed", "allow", "[index.docker.io/a]", (RegistryPrefix("docker.io", "a"),)),
        ("image-registry-not-allowed", "allow", "[docker.io, localhost]",
         (RegistryPrefix("docker.io"), RegistryPrefix("localhost"))),
        ("missing-resource-requests", "cpu", "250m", "250m"),
        ("missing-resource-requests", "cpu", "0.5", "0.5"),
        ("missing-resource-requests", "memory", "1Gi", "1Gi"),
        ("missing-resource-limits", "cpu-limit", "false", False),
        ("missing-health-probes", "liveness", "false", False),
        ("dangerous-capabilities", "allow", "[NET_RAW]", ("NET_RAW",)),
        ("dangerous-capabilities", "allow", "[]", ()),
    ],
)  # fmt: skip
def test_each_option_of_a_rule_is_read(rule_with, rule, option, written, meant):
    assert rule_with(rule, f"{{{option}: {written}}}").option(option) == meant


def test_a_list_of_registries_switches_its_rule_on(rule_with):
    assert severities(rule_with("image-registry-not-allowed", "{allow: [ghcr.io]}")) == (HIGH, HIGH, HIGH)
    assert severities(rule_with("image-registry-not-allowed", "{allow: []}")) == (OFF, OFF, OFF)


@pytest.mark.parametrize(
    ("prefix", "image", "covered"),
    [
        ("ghcr.io", "ghcr.io/o/app:1", True),
        ("ghcr.io/o", "ghcr.io/o/app", True),
        ("ghcr.io/o/app", "ghcr.io/o/app", True),
        ("ghcr.io/o", "ghcr.io/other/app", False),
        ("ghcr.io/o/app", "ghcr.io/o/app-two", False),
        ("gcr.io", "evilgcr.io/o/app", False),
        ("gcr.io", "eu.gcr.io/o/app", False),
        ("ghcr.io", "ghcr.io:443/o/app", False),
        ("docker.io", "nginx", True),
        ("docker.io/library", "nginx", True),
        ("docker.io/o", "nginx", False),
    ],
)
def test_a_registry_is_compared_by_its_host_and_by_segments(rule_with, prefix, image, covered):
    (registry,) = rule_with("image-registry-not-allowed", f"{{allow: [{prefix}]}}").option("allow")

    assert registry.covers(ImageReference.parse(image)) is covered
    assert str(registry) == prefix


@pytest.mark.parametrize(
    ("rules", "column", "key", "message"),
    [
        ("single-repica: low", 5, "single-repica",
         "`single-repica` is not a key of `rules`; did you mean `single-replica`?"),
        ("single_replica: low", 5, "single_replica",
         "`single_replica` is not a key of `rules`; did you mean `single-replica`?"),
        ("single-replica: hihg", 21, "single-replica",
         "`single-replica` is one of high, low, medium, off, not 'hihg'; did you mean `high`?"),
        ("single-replica: never", 21, "single-replica",
         "`single-replica` is one of high, low, medium, off, not 'never'"),
        ("single-replica: true", 21, "single-replica",
         "`single-replica` is one of high, low, medium, off, not 'true'"),
        ("single-replica:", 5, "single-replica", "`single-replica` has no value; write one or leave the key out"),
        ("single-replica: [high]", 21, "single-replica", "`single-replica` is a mapping of keys"),
        ("single-replica: {dev: hgh}", 27, "dev",
         "`dev` is one of high, low, medium, off, not 'hgh'; did you mean `high`?"),
        ("single-replica: {severity: {dev: 1}}", 38, "dev", "`dev` is one of high, low, medium, off, not '1'"),
        ("single-replica: {severity: {}}", 32, "severity",
         "`severity` is empty; name a severity or leave the key out"),
        ("single-replica: {severity: [high]}", 32, "severity",
         "`severity` is a severity, or a mapping of severities by environment"),
        ("single-replica: {severity: high, allow: [a]}", 45, "allow",
         "`allow` is no option of this rule, which has severity"),
        ("public-image-no-credential: {hosts: [a]}", 41, "hosts",
         "`hosts` is no option of this rule, which has severity, allow, private"),
        ("single-replica: {prod: high}", 22, "prod", "`prod` is not the name of an environment"),
        ("single-replica: {prodution: high}", 22, "prodution",
         "`prodution` is not the name of an environment; did you mean `production`?"),
        ("single-replica: {severity: {defalt: high}}", 33, "defalt",
         "`defalt` is not the name of an environment; did you mean `default`?"),
        ("single-replica: {severty: high}", 22, "severty",
         "`severty` is not a key of `single-replica`; did you mean `severity`?"),
        ("latest-image-tag: {mutable-tag: latest}", 24, "mutable-tag",
         "`mutable-tag` is not a key of `latest-image-tag`; did you mean `mutable-tags`?"),
        ("latest-image-tag: {mutable-tag: [latest]}", 24, "mutable-tag",
         "`mutable-tag` is not a key of `latest-image-tag`; did you mean `mutable-tags`?"),
        ("latest-image-tag: {mutable-tags: latest}", 38, "mutable-tags", "`mutable-tags` is a list"),
        ("latest-image-tag: {mutable-tags: [a, b c]}", 42, "mutable-tags",
         "an item of `mutable-tags` cannot be a tag: 'b c'"),
        ("image-registry-not-allowed: high", 5, "image-registry-not-allowed",
         "`image-registry-not-allowed` needs the option `allow`, with at least one item"),
        ("image-registry-not-allowed: {severity: low, allow: []}", 5, "image-registry-not-allowed",
         "`image-registry-not-allowed` needs the option `allow`, with at least one item"),
        ("image-registry-not-allowed: {allow: [my-org]}", 42, "allow",
         "an item of `allow` begins with the host of a registry, such as ghcr.io, not 'my-org'"),
        ("image-registry-not-allowed: {allow: [ghcr.io/*]}", 42, "allow",
         "an item of `allow` is the host of a registry, or a host and a path, such as ghcr.io/my-org, not 'ghcr.io/*'"),
        ("image-registry-not-allowed: {allow: [ghcr.io/]}", 42, "allow",
         "an item of `allow` is the host of a registry, or a host and a path, such as ghcr.io/my-org, not 'ghcr.io/'"),
        ("missing-resource-requests: {cpu: lots}", 38, "cpu",
         "`cpu` is a quantity of Kubernetes, such as 100m or 128Mi, not 'lots'"),
        ("missing-resource-limits: {cpu-limit: no}", 42, "cpu-limit", "`cpu-limit` is true or false, without quotes"),
        ("dangerous-capabilities: {allow: [net-raw]}", 38, "allow",
         "an item of `allow` is a capability, written as NET_BIND_SERVICE, not 'net-raw'"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_told_where_it_stands(problem_of, rules, column, key, message):
    assert problem_of(rules) == Problem(7, column, key, message)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("fail-on: hgh", Problem(3, 12, "fail-on",
         "`fail-on` is one of high, low, medium, never, not 'hgh'; did you mean `high`?")),
        ("fail-on: off", Problem(3, 12, "fail-on", "`fail-on` is one of high, low, medium, never, not 'off'")),
        ("comment-on: never", Problem(3, 15, "comment-on", "`comment-on` is one of high, low, medium, not 'never'")),
        ("fail_on: high", Problem(3, 3, "fail_on", "`fail_on` is not a key of `findings`; did you mean `fail-on`?")),
        ("rules: [x]", Problem(3, 10, "rules", "`rules` is a mapping of keys")),
        ("ignore: [{rule: single-replica}]", Problem(3, 12, "reason", "`reason` is missing")),
        ("ignore: [{reason: r}]", Problem(3, 12, "rule", "`rule` is missing")),
        ("ignore: [{rule: x, reason: r}]", Problem(3, 19, "rule", "`rule` is the id of a rule, not 'x'")),
        ("ignore: [{rule: single-replicas, reason: r}]", Problem(3, 19, "rule",
         "`rule` is the id of a rule, not 'single-replicas'; did you mean `single-replica`?")),
        ("ignore: [{rule: run-as-root, reason: ' '}]", Problem(3, 40, "reason",
         "`reason` is one line of at most 500 characters, not ' '")),
        ("ignore: [{rule: run-as-root, reason: r, until: 2027-02-29}]", Problem(3, 50, "until",
         "`until` is a day of the calendar, and '2027-02-29' is none")),
        ("ignore: [{rule: run-as-root, reason: r, until: 20270101}]", Problem(3, 50, "until",
         "`until` is a day, written as 2027-01-31, not '20270101'")),
        ("ignore: [{rule: run-as-root, reason: r, until: 2027-W01-1}]", Problem(3, 50, "until",
         "`until` is a day, written as 2027-01-31, not '2027-W01-1'")),
        ("ignore: [{rule: run-as-root, reason: r, until: 0000-01-01}]", Problem(3, 50, "until",
         "`until` is a day of the calendar, and '0000-01-01' is none")),
        ("ignore: [{rule: run-as-root, reason: r, paths: []}]", Problem(3, 50, "paths",
         "`paths` is empty; name something or leave the key out")),
        ("ignore: [{rule: run-as-root, reason: r, paths: [../x]}]", Problem(3, 51, "paths",
         "an item of `paths` stays within the repository; '../x' climbs out")),
    ],
)  # fmt: skip
def test_each_key_of_findings_is_checked(problems_in, keys, problem):
    assert problems_in(f"version: 1\nfindings:\n  {keys}\n") == (problem,)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("environments: [{name: dev}]", Problem(2, 16, "paths", "`paths` is missing")),
        ("environments: [{name: default, paths: [a]}]", Problem(2, 23, "name",
         "`name` is not `default`, which stands for every file without an environment")),
        ("environments: [{name: a b, paths: [a]}]", Problem(2, 23, "name",
         "`name` is written in letters, digits, `.`, `_`, `-`, at most 63, not 'a b'")),
        ("environments: [{name: a, paths: [x]}, {name: a, paths: [y]}]", Problem(2, 46, "name",
         "`a` stands here a second time, first in line 2")),
        ("environments: {dev: [a]}", Problem(2, 15, "environments", "`environments` is a list")),
        ("pull-secrets: [{registry: ghcr.io}]", Problem(2, 16, "name", "`name` is missing")),
        ("pull-secrets: [{registry: ghcr, name: a}]", Problem(2, 27, "registry",
         "`registry` begins with the host of a registry, such as ghcr.io, not 'ghcr'")),
        ("pull-secrets: [{registry: ghcr.io, name: A_b}]", Problem(2, 42, "name",
         "`name` is the name of a Kubernetes Secret: lower case letters, digits, `-` and `.`, not 'A_b'")),
        ("pull-secrets: [{registry: ghcr.io, name: a}, {registry: ghcr.io, name: b}]", Problem(2, 57, "registry",
         "`ghcr.io` stands here a second time, first in line 2")),
    ],
)  # fmt: skip
def test_environments_and_pull_secrets_are_checked(problems_in, keys, problem):
    assert problems_in(f"version: 1\n{keys}\n") == (problem,)


def test_the_name_of_a_secret_is_a_dns_subdomain(problems_in):
    def file(name: str) -> str:
        return f"version: 1\npull-secrets: [{{registry: ghcr.io, name: '{name}'}}]"

    for name in ("a", "a-b", "a.b", "1", "a" * 253):
        assert load(file(name)).pull_secrets[0].name == name
    for name in ("", "-a", "a-", "a..b", ".a", "a.", "a" * 254, "a/b"):
        assert len(problems_in(file(name))) == 1


def test_a_waiver_has_no_end_and_holds_everywhere_unless_told_otherwise():
    text = "version: 1\nfindings:\n  ignore:\n    - {rule: run-as-root, reason: legacy}\n"

    assert load(text).findings.ignore == (Waiver("run-as-root", ("**",), "legacy", None, 4),)


@pytest.mark.parametrize("form", ["{{{}}}", "{{severity: {{{}}}}}"])
def test_there_is_an_end_to_environments(problems_in, form):
    names = ", ".join(f"e{number}: low" for number in range(101))

    (problem,) = problems_in(file_with(f"single-replica: {form.format(names)}"))
    assert problem.message.endswith("names at most 100 environments")


def test_all_problems_of_one_rule_are_told_at_once(problems_in):
    problems = problems_in(
        file_with("latest-image-tag: {severity: x, mutable-tags: [a b, c, d e], hosts: y, severty: z}")
    )

    assert [(problem.column, problem.message.partition(" ")[0]) for problem in problems] == [
        (34, "`severity`"), (52, "an"), (60, "an"), (73, "`hosts`"), (76, "`severty`"),
    ]  # fmt: skip


def test_all_problems_of_the_rules_are_told_at_once(problems_in):
    problems = problems_in(file_with("single-replica: x\nrun-as-rot: low\nlatest-image-tag: {severity: {dev: y}}"))

    assert [(problem.line, problem.key) for problem in problems] == [
        (7, "single-replica"),
        (8, "run-as-rot"),
        (9, "dev"),
    ]


def test_hostile_names_are_shown_escaped(problems_in):
    for keys in ('single-replica: {"a\\e[0m": high}', 'single-replica: "\\u202e"', '"\\u202e": high'):
        (problem,) = problems_in(file_with(keys))

        assert problem.message.isprintable()
