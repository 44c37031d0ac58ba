"""A repository's file under its organisation's: what holds where nothing is written, and what may only be stricter."""

from datetime import time, timedelta
from textwrap import dedent

import pytest

from bot.images import Platform
from bot.policies import AutoMerge, PolicyFile, PolicyFileError, Problem, load
from bot.policies.findings import RegistryPrefix
from bot.policies.organisation import ORGANISATION_PATH
from bot.policies.rules import Severity
from bot.selection import PinDigest, UpdateKind

LOW, MEDIUM, HIGH, OFF = Severity.LOW, Severity.MEDIUM, Severity.HIGH, None


def under(organisation: str, own: str = "") -> PolicyFile:
    """Load a repository's file with these keys under an organisation's file with those."""
    return load(f"version: 1\n{dedent(own)}", organisation=f"version: 1\n{dedent(organisation)}")


def problems_under(organisation: str, own: str) -> tuple[Problem, ...]:
    """Give the problems of a repository's file; its keys begin in line 2."""
    with pytest.raises(PolicyFileError) as caught:
        under(organisation, own)
    assert caught.value.path == ".niro/policies.yml"
    return caught.value.problems


class TestWhatIsNotWritten:
    def test_comes_from_the_organisations_defaults(self):
        file = under(
            """\
            defaults:
              min-age: 3d
              exclude: [x]
              update: {paths: [apps/**], workflows: true}
              pull-request: {labels: [l], auto-merge: {updates: [patch]}}
            """,
            """\
            defaults: {pull-request: {base: next}}
            images: [{image: nginx, update: {workflows: false}}]
            """,
        )
        (policy,) = file.images

        assert policy.rule.min_age == timedelta(days=3)
        assert policy.rule.exclude == ("x",)
        assert policy.paths == ("apps/**",)
        assert not policy.workflows
        assert policy.pull_request.base == "next"
        assert policy.pull_request.labels == ("l",)
        assert policy.pull_request.auto_merge == AutoMerge(updates=frozenset({UpdateKind.PATCH}))

    def test_gives_way_to_the_repositorys_defaults_and_to_its_policies(self):
        file = under(
            "defaults: {min-age: 3d, exclude: [x]}",
            """\
            defaults: {min-age: 2d}
            images: [{image: nginx}, {image: redis, min-age: 1d, exclude: []}]
            """,
        )

        assert [policy.rule.min_age.days for policy in file.images] == [2, 1]
        assert [policy.rule.exclude for policy in file.images] == [("x",), ()]

    def test_comes_from_the_organisations_findings_key_by_key(self):
        file = under(
            """\
            environments: [{name: production, paths: [x]}]
            findings:
              fail-on: high
              comment-on: low
              rules:
                single-replica: {default: medium, production: high}
                latest-image-tag: {severity: low, mutable-tags: [latest, main]}
                run-as-root: off
            """,
            """\
            environments: [{name: production, paths: [prod]}]
            findings:
              comment-on: high
              rules:
                single-replica: {production: low}
                latest-image-tag: {severity: high}
            """,
        )
        rules = file.findings.rules

        assert (file.findings.fail_on, file.findings.comment_on) == (HIGH, HIGH)
        assert rules["single-replica"].severity_in(None) is MEDIUM
        assert rules["single-replica"].severity_in("production") is LOW
        assert rules["latest-image-tag"].severity_in(None) is HIGH
        assert rules["latest-image-tag"].option("mutable-tags") == ("latest", "main")
        assert rules["run-as-root"].severity_in("production") is OFF
        assert file.environments[0].paths == ("prod",)

    def test_a_default_severity_of_the_repository_replaces_all_of_the_organisations(self):
        file = under(
            "environments: [{name: dev, paths: [x]}]\nfindings: {rules: {run-as-root: {default: low, dev: off}}}",
            "environments: [{name: dev, paths: [x]}]\nfindings: {rules: {run-as-root: high}}",
        )

        assert file.findings.rules["run-as-root"].severity_in("dev") is HIGH

    def test_what_either_of_them_ignores_is_ignored(self):
        file = under(
            "findings: {ignore: [{rule: run-as-root, reason: theirs}]}",
            "findings: {ignore: [{rule: host-namespace, reason: ours}]}",
        )

        assert [(waiver.reason, waiver.line) for waiver in file.findings.ignore] == [("ours", 2), ("theirs", None)]

    def test_an_environment_that_the_repository_does_not_have_is_no_problem(self):
        file = under(
            "environments: [{name: production, paths: [x]}]\nfindings: {rules: {run-as-root: {production: low}}}",
        )

        assert file.environments == ()
        assert file.findings.rules["run-as-root"].severity_in(None) is MEDIUM

    def test_a_list_of_the_organisation_serves_a_severity_of_the_repository(self):
        file = under(
            "findings: {rules: {image-registry-not-allowed: {allow: [ghcr.io]}}}",
            "findings: {rules: {image-registry-not-allowed: low}}",
        )

        settings = file.findings.rules["image-registry-not-allowed"]
        assert (settings.severity_in(None), settings.option("allow")) == (LOW, (RegistryPrefix("ghcr.io"),))

    def test_a_strategy_of_the_organisation_has_its_keys(self):
        file = under("defaults: {strategy: newest-build}", "images: [{image: nginx, clock: first-seen}]")

        assert file.images[0].rule.strategy.value == "newest-build"


def test_images_promotions_and_the_like_are_the_organisations_own():
    file = under(
        """\
        enabled: false
        flux: manage
        images: [{image: nginx}]
        groups: {g: {labels: [x]}}
        environments: [{name: dev, paths: [x]}]
        pull-secrets: [{registry: ghcr.io, name: a}]
        promotions: [{name: p, from: r.io/a, to: r.io/b}]
        limits: {new-per-hour: 1}
        """
    )

    assert file == PolicyFile(enabled=True, images=())


def test_an_empty_organisations_file_changes_nothing():
    own = "images: [{image: nginx}]\nfindings: {fail-on: low}"

    assert under("", own) == load(f"version: 1\n{own}")


STRICTER = [
    ("min-age", "3d", "4d"),
    ("min-age", "3d", "72h"),
    ("updates", "[minor, patch]", "[patch]"),
    ("exclude", "[-dev$, x]", "[y, x, -dev$]"),
    ("platforms", "[linux/amd64]", "[linux/arm64, linux/x86_64]"),
    ("pin-digest", "if-not-present", "always"),
    ("pin-digest", "always", "always"),
]
LAXER = [
    ("min-age", "3d", "71h", "is 3d or longer"),
    ("min-age", "3d", "0s", "is 3d or longer"),
    ("updates", "[minor, patch]", "[patch, major]", "holds nothing but patch, minor"),
    ("exclude", "[-dev$, x]", "[-dev$]", "holds '-dev$', 'x', and perhaps more"),
    ("platforms", "[linux/amd64]", "[linux/arm64]", "holds linux/amd64, and perhaps more"),
    ("pin-digest", "if-not-present", "never", "is if-not-present or always"),
    ("pin-digest", "always", "if-not-present", "is always"),
]


class TestEnforcedKeysOfPolicies:
    @pytest.mark.parametrize(("key", "theirs", "ours"), STRICTER)
    def test_may_become_stricter_in_defaults_and_in_policies(self, key, theirs, ours):
        organisation = f"enforce: [defaults.{key}]\ndefaults: {{{key}: {theirs}}}"

        assert under(organisation, f"defaults: {{{key}: {ours}}}")
        assert under(organisation, f"images: [{{image: nginx, {key}: {ours}}}]")

    @pytest.mark.parametrize(("key", "theirs", "ours", "demand"), LAXER)
    def test_may_not_become_laxer_in_either(self, key, theirs, ours, demand):
        organisation = f"enforce: [defaults.{key}]\ndefaults: {{{key}: {theirs}}}"

        said = f"`{key}` {demand}, as the organisation enforces"
        in_defaults = problems_under(organisation, f"defaults:\n  {key}: {ours}")
        in_a_policy = problems_under(organisation, f"images:\n  - image: nginx\n    {key}: {ours}")
        assert in_defaults == (Problem(3, 5 + len(key), key, said),)
        assert in_a_policy == (Problem(4, 7 + len(key), key, said),)

    @pytest.mark.parametrize(("key", "theirs", "ours"), [case[:3] for case in LAXER])
    def test_are_free_where_they_are_not_enforced(self, key, theirs, ours):
        assert under(f"defaults: {{{key}: {theirs}}}", f"images: [{{image: nginx, {key}: {ours}}}]")

    def test_hold_where_the_repository_writes_nothing(self):
        file = under(
            """\
            enforce: [defaults.min-age, defaults.platforms, defaults.pin-digest]
            defaults: {min-age: 3d, platforms: [linux/amd64], pin-digest: always}
            """,
            "images: [{image: nginx}]",
        )
        rule = file.images[0].rule

        assert rule.min_age == timedelta(days=3)
        assert rule.platforms == {Platform("linux", "amd64")}
        assert rule.pin_digest is PinDigest.ALWAYS

    def test_that_the_organisation_does_not_write_demand_what_holds_by_itself(self):
        assert under("enforce: [defaults.min-age]", "images: [{image: nginx, min-age: 0s}]")
        (problem,) = problems_under("enforce: [defaults.update.workflows]", "defaults: {update: {workflows: true}}")
        assert problem == Problem(2, 32, "workflows", "`workflows` is false, as the organisation enforces")

    def test_workflows_may_be_left_alone_where_the_organisation_touches_them(self):
        organisation = "enforce: [defaults.update.workflows]\ndefaults: {update: {workflows: true}}"

        assert not under(organisation, "images: [{image: nginx, update: {workflows: false}}]").images[0].workflows

    def test_all_that_is_too_lax_is_told_at_once(self):
        problems = problems_under(
            "enforce: [defaults.min-age]\ndefaults: {min-age: 3d}",
            """\
            defaults: {min-age: 2d}
            images:
              - {image: nginx, min-age: 1d}
              - {image: redis, min-age: 5d}
              - {image: busybox, min-age: 2h}
              - {image: 'x:1'}
            """,
        )

        assert [(problem.line, problem.key) for problem in problems] == [
            (2, "min-age"), (4, "min-age"), (6, "min-age"), (7, "image")
        ]  # fmt: skip


class TestEnforcedAutoMerge:
    ORGANISATION = """\
        enforce: [defaults.pull-request.auto-merge]
        defaults:
          pull-request:
            auto-merge:
              updates: [patch, minor]
              window: {days: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin}
        """
    DEMAND = (
        "`auto-merge` is false, or has no `updates` but patch, minor, `require-checks: true`, a `window` within the "
        "organisation's, by the clock of Europe/Berlin, as the organisation enforces"
    )

    @pytest.mark.parametrize(
        "written",
        [
            "false",
            "{updates: [patch], window: {days: mon-fri, hours: '09:00-17:00', timezone: Europe/Berlin}}",
            "{method: rebase, updates: [minor], window: {days: tue, hours: '10:00-11:00', timezone: Europe/Berlin}}",
        ],
    )
    def test_may_be_stricter(self, written):
        assert under(self.ORGANISATION, f"images: [{{image: nginx, pull-request: {{auto-merge: {written}}}}}]")

    @pytest.mark.parametrize(
        "written",
        [
            "true",
            "{updates: [patch]}",
            "{updates: [patch], require-checks: false, window: {days: mon, timezone: Europe/Berlin}}",
            "{window: {days: mon-fri, hours: '09:00-17:00', timezone: Europe/Berlin}}",
            "{updates: [patch], window: {days: mon-fri, hours: '09:00-17:00', timezone: UTC}}",
            "{updates: [patch], window: {days: mon-sat, hours: '09:00-17:00', timezone: Europe/Berlin}}",
            "{updates: [patch], window: {days: mon-fri, hours: '09:00-17:01', timezone: Europe/Berlin}}",
            "{updates: [patch], window: {days: mon, hours: '22:00-10:00', timezone: Europe/Berlin}}",
        ],
    )
    def test_may_not_be_laxer_in_defaults_a_policy_or_a_group(self, written):
        for own, column in (
            (f"defaults: {{pull-request: {{auto-merge: {written}}}}}", 39),
            (f"images: [{{image: nginx, pull-request: {{auto-merge: {written}}}}}]", 52),
            (f"groups: {{g: {{auto-merge: {written}}}}}", 26),
        ):
            assert problems_under(self.ORGANISATION, own) == (Problem(2, column, "auto-merge", self.DEMAND),)

    def test_holds_where_the_repository_writes_nothing(self):
        file = under(self.ORGANISATION, "images: [{image: nginx}, {image: redis, group: g}]")

        for policy in file.images:
            assert policy.pull_request.auto_merge is not None
            assert policy.pull_request.auto_merge.updates == {UpdateKind.PATCH, UpdateKind.MINOR}
            assert policy.pull_request.auto_merge.window is not None
            assert policy.pull_request.auto_merge.window.begins == time(9)

    @pytest.mark.parametrize("key", ["auto-merge", "delivery"])
    def test_is_not_got_round_by_a_commit(self, key):
        organisation = f"enforce: [defaults.pull-request.{key}]"
        said = "`delivery` is pull-request, as the organisation enforces"

        for own, column in (
            ("defaults: {pull-request: {delivery: commit}}", 37),
            ("images: [{image: nginx, pull-request: {delivery: commit}}]", 50),
            ("groups: {g: {delivery: commit}}", 24),
        ):
            assert problems_under(organisation, own) == (Problem(2, column, "delivery", said),)
        assert under(f"{organisation}\ndefaults: {{pull-request: {{delivery: commit}}}}", "images: [{image: nginx}]")

    def test_that_is_off_stays_off(self):
        (problem,) = problems_under(
            "enforce: [defaults.pull-request.auto-merge]",
            "images: [{image: nginx, pull-request: {auto-merge: {updates: [patch]}}}]",
        )

        assert problem.message == "`auto-merge` is false, as the organisation enforces"


ENVIRONMENTS = "environments: [{name: production, paths: [prod]}, {name: dev, paths: [dev]}]"

SINGLE_REPLICA = f"{ENVIRONMENTS}\nfindings:\n  rules:\n    single-replica: "


class TestEnforcedFindings:
    @pytest.mark.parametrize(
        ("key", "organisation", "allowed", "refused", "demand"),
        [
            ("fail-on", "high", "medium", "never", "is low, medium or high"),
            ("fail-on", "medium", "low", "high", "is low or medium"),
            ("fail-on", "low", "low", "medium", "is low"),
            ("comment-on", "medium", "low", "high", "is low or medium"),
        ],
    )
    def test_fail_on_and_comment_on_may_only_sink(self, key, organisation, allowed, refused, demand):
        theirs = f"enforce: [findings.{key}]\nfindings: {{{key}: {organisation}}}"

        assert under(theirs, f"findings: {{{key}: {allowed}}}")
        problem = Problem(2, 14 + len(key), key, f"`{key}` {demand}, as the organisation enforces")
        assert problems_under(theirs, f"findings: {{{key}: {refused}}}") == (problem,)

    def test_nothing_is_demanded_by_never(self):
        assert under("enforce: [findings.fail-on]\nfindings: {fail-on: never}", "findings: {fail-on: never}")

    @pytest.mark.parametrize("key", ["single-replica", "findings.rules.single-replica"])
    @pytest.mark.parametrize(
        ("written", "column", "demand"),
        [
            ("off", 21, "is low, medium or high"),
            ("{default: off, production: high}", 31, "is low, medium or high"),
            ("{severity: off}", 32, "is low, medium or high"),
            ("{severity: {production: medium}}", 45, "is high in production"),
            ("{production: low}", 34, "is high in production"),
            ("{dev: off}", 27, "is low, medium or high in dev"),
            ("medium", 21, "is high in production"),
        ],
    )
    def test_a_severity_may_not_sink_in_any_environment(self, key, written, column, demand):
        theirs = f"enforce: [{key}]\n{SINGLE_REPLICA}{{default: low, production: high}}"
        problems = problems_under(theirs, f"{SINGLE_REPLICA}{written}")

        said = f"the severity of `single-replica` {demand}, as the organisation enforces"
        assert Problem(5, column, "single-replica", said) in problems

    @pytest.mark.parametrize("written", ["high", "{default: medium, production: high}", "{dev: medium}", "{}"])
    def test_a_severity_may_rise(self, written):
        theirs = f"enforce: [single-replica]\n{SINGLE_REPLICA}{{default: low, production: high}}"

        assert under(theirs, f"{SINGLE_REPLICA}{written}")

    def test_a_severity_that_is_too_low_everywhere_is_told_once_for_each_demand(self):
        organisation = f"enforce: [host-namespace]\n{ENVIRONMENTS}"

        (problem,) = problems_under(organisation, f"{ENVIRONMENTS}\nfindings: {{rules: {{host-namespace: off}}}}")
        assert problem.message == "the severity of `host-namespace` is high, as the organisation enforces"

    def test_a_rule_that_the_organisation_does_not_write_keeps_its_own_severity(self):
        (problem,) = problems_under("enforce: [docker-socket]", "findings: {rules: {docker-socket: medium}}")

        assert problem.message == "the severity of `docker-socket` is high, as the organisation enforces"

    @pytest.mark.parametrize(
        ("rule", "organisation", "allowed", "refused", "demand"),
        [
            ("image-registry-not-allowed", "allow: [ghcr.io/my-org, docker.io]", "allow: [ghcr.io/my-org/team]",
             "allow: [quay.io]", "`allow` holds nothing but ghcr.io/my-org, docker.io"),
            ("latest-image-tag", "mutable-tags: [latest, main]", "mutable-tags: [main, latest, edge]",
             "mutable-tags: [latest]", "`mutable-tags` holds latest, main, and perhaps more"),
            ("public-image-no-credential", "private: [r.io]", "private: [r.io, q.io]", "private: [q.io]",
             "`private` holds r.io, and perhaps more"),
            ("public-image-no-credential", "severity: high", "allow: []", "allow: [ghcr.io]", "`allow` is empty"),
            ("missing-resource-limits", "severity: high", "cpu-limit: true", "cpu-limit: false", "`cpu-limit` is true"),
            ("missing-health-probes", "severity: high", "liveness: true", "liveness: false", "`liveness` is true"),
            ("dangerous-capabilities", "allow: [NET_RAW]", "allow: []", "allow: [SYS_ADMIN]",
             "`allow` holds nothing but NET_RAW"),
        ],
    )  # fmt: skip
    def test_an_option_may_not_let_more_pass(self, rule, organisation, allowed, refused, demand):
        theirs = f"enforce: [{rule}]\nfindings: {{rules: {{{rule}: {{{organisation}}}}}}}"
        option = refused.partition(":")[0]

        assert under(theirs, f"findings: {{rules: {{{rule}: {{{allowed}}}}}}}")
        problem = Problem(2, 25 + len(rule) + len(option), option, f"{demand}, as the organisation enforces")
        assert problems_under(theirs, f"findings: {{rules: {{{rule}: {{{refused}}}}}}}") == (problem,)

    def test_the_suggested_resources_are_free(self):
        organisation = "enforce: [missing-resource-requests]\nfindings: {rules: {missing-resource-requests: {cpu: 1}}}"

        assert under(organisation, "findings: {rules: {missing-resource-requests: {cpu: 10m}}}")

    def test_a_rule_that_the_organisation_has_off_demands_nothing(self):
        organisation = "enforce: [image-registry-not-allowed]"

        assert under(organisation, "findings: {rules: {image-registry-not-allowed: {allow: [ghcr.io]}}}")

    def test_an_enforced_rule_cannot_be_ignored_by_a_repository(self):
        organisation = """\
            enforce: [run-as-root]
            findings: {ignore: [{rule: run-as-root, reason: theirs}]}
            """
        own = "findings:\n  ignore:\n    - {rule: run-as-root, reason: r}\n    - {rule: host-namespace, reason: r}\n"

        assert problems_under(organisation, own) == (
            Problem(4, 14, "rule", "`run-as-root` cannot be ignored here, as the organisation enforces"),
        )
        assert under(organisation).findings.ignore[0].reason == "theirs"


class TestTheList:
    @pytest.mark.parametrize(
        ("item", "hint"),
        [
            ("min-age", "; did you mean `defaults.min-age`?"),
            ("defaults.min-aeg", "; did you mean `defaults.min-age`?"),
            ("single-replicas", "; did you mean `single-replica`?"),
            ("defaults.range", ""),
            ("x", ""),
        ],
    )
    def test_names_only_what_has_a_strictness(self, problems_in, item, hint):
        (problem,) = problems_in(f"version: 1\nenforce: [{item}]\n")

        message = f"an item of `enforce` names keys that can be enforced, and '{item}' is none"
        assert (problem.line, problem.column, problem.key) == (2, 11, "enforce")
        assert problem.message.startswith(message)
        assert problem.message.endswith(hint or ", and the id of each rule")

    def test_may_stand_in_the_organisations_own_file(self):
        assert load("version: 1\nenforce: [single-replica, defaults.min-age, findings.fail-on]\n")

    def test_is_not_for_a_repository(self):
        message = "`enforce` is for the organisation's own policy file, in its .github repository"
        assert problems_under("", "enforce: [single-replica]") == (Problem(2, 1, "enforce", message),)


class TestAnOrganisationsFileWithProblems:
    @pytest.mark.parametrize(
        ("organisation", "message"),
        [
            ("findings: {fail-on: x}", "line 2, column 21: `fail-on` is one of high, low, medium, never, not 'x'"),
            ("enforce: [x]",
             "line 2, column 11: an item of `enforce` names keys that can be enforced, and 'x' is none"),
            ("defaults: {min-age: 3}", "line 2, column 21: `min-age` is a length of time such as 90s"),
        ],
    )  # fmt: skip
    def test_is_refused_in_its_own_name(self, organisation, message):
        with pytest.raises(PolicyFileError) as caught:
            under(organisation, "images: [{image: nginx}]")

        assert len(caught.value.problems) == 1
        assert str(caught.value).startswith(f"{ORGANISATION_PATH}: {message}")

    @pytest.mark.parametrize("text", ["", "- a", "a: b: c", "\x00"])
    def test_is_refused_whatever_it_holds(self, text):
        with pytest.raises(PolicyFileError) as caught:
            load("version: 1", organisation=text)

        assert str(caught.value).startswith(f"{ORGANISATION_PATH}: line 1, column ")
