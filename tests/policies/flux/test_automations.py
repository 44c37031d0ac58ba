"""ImageUpdateAutomation: which policies it takes, where it writes, and how the change reaches its branch."""

import pytest

from bot.manifests import selects
from bot.policies.policy import Delivery


def git(checkout=None, push=None, **more):
    """The key `git` of an automation that begins at one branch and pushes to another."""
    return {"checkout": {"ref": {"branch": checkout}}, "push": {"branch": push}, **more}


def source(branch):
    return {"url": "https://github.com/o/r", "ref": {"branch": branch}}


class TestTheBranch:
    @pytest.mark.parametrize(
        ("written", "branch"),
        [
            (git("main"), "main"),
            (git("main", "main"), "main"),
            (git("main", ""), "main"),
            (git("next"), "next"),
        ],
    )
    def test_that_was_checked_out_takes_the_change_itself(self, flux, written, branch):
        settings = flux.one(flux.automation(git=written)).pull_request

        assert settings.delivery is Delivery.COMMIT
        assert (settings.branch, settings.base) == (branch, branch)

    def test_of_its_own_makes_a_pull_request(self, flux):
        settings = flux.one(flux.automation(git=git("main", "flux-image-updates"))).pull_request

        assert settings.delivery is Delivery.PULL_REQUEST
        assert (settings.branch, settings.base) == ("flux-image-updates", "main")
        assert settings.auto_merge is None
        assert settings.title == "Bump {image} from {from} to {to}"

    @pytest.mark.parametrize(
        ("push", "expected"),
        [
            (None, (Delivery.COMMIT, "next", "next")),
            ("next", (Delivery.COMMIT, "next", "next")),
            ("bumps", (Delivery.PULL_REQUEST, "bumps", "next")),
        ],
    )
    def test_of_the_git_repository_counts_where_none_is_checked_out(self, flux, push, expected):
        settings = flux.one(flux.automation(git=git(None, push)), flux.source(**source("next"))).pull_request

        assert (settings.delivery, settings.branch, settings.base) == expected

    def test_that_is_checked_out_counts_before_that_of_the_git_repository(self, flux):
        settings = flux.one(flux.automation(git=git("main")), flux.source(**source("next"))).pull_request

        assert settings.branch == "main"

    def test_may_come_from_a_git_repository_of_another_namespace(self, flux):
        automation = flux.automation(git={}, sourceRef={"name": "fleet", "namespace": "flux-system"})
        sources = [
            flux.source("fleet", "flux-system", **source("next")),
            flux.source("fleet", "apps", **source("wrong")),
        ]

        assert flux.one(automation, *sources).pull_request.branch == "next"

    def test_that_is_pushed_to_is_kept_where_nothing_says_where_it_begins(self, flux):
        settings = flux.one(flux.automation(git=git(None, "bumps"))).pull_request

        assert (settings.delivery, settings.branch, settings.base) == (Delivery.PULL_REQUEST, "bumps", None)

    @pytest.mark.parametrize("written", [None, {}, {"checkout": None}, {"push": {}}])
    def test_that_nothing_names_is_told_and_nothing_is_committed_to_one(self, flux, written):
        manifests = [flux.repository(), flux.policy(), flux.automation(git=written), flux.source(url="https://x.y/z")]

        file = flux.load(*manifests)

        settings = file.images[0].pull_request
        assert (settings.delivery, settings.branch, settings.base) == (Delivery.PULL_REQUEST, "niro/apps-all", None)
        assert [problem.key for problem in file.problems] == ["branch"]

    @pytest.mark.parametrize("branch", ["a b", "a..b", "/a", "a.lock", "-a", "a" * 201, ["a"], "\u202e"])
    def test_that_git_does_not_take_is_refused(self, flux, branch):
        assert flux.refusal(flux.automation(git=git("main", branch))).key == "branch"
        assert flux.refusal(flux.automation(git=git(branch))).key == "branch"

    def test_of_two_equal_git_repositories_is_theirs(self, flux):
        sources = [flux.source(**source("next")), flux.source(**source("next"))]

        assert flux.one(flux.automation(git={}), *sources).pull_request.branch == "next"

    def test_of_two_different_git_repositories_is_not_known(self, flux):
        sources = [flux.source(**source("next")), flux.source(**source("main"))]

        assert flux.refusal(flux.automation(git={}), *sources).key == "sourceRef"

    def test_that_two_automations_push_to_is_told_apart(self, flux):
        automations = [
            flux.automation("a", "one", git=git("main", "up")),
            flux.automation("b", "two", git=git("main", "up")),
        ]
        policies = [flux.policy(namespace=name) + "---\n" + flux.repository(namespace=name) for name in ("one", "two")]

        file = flux.load(*automations, *policies)

        (problem,) = file.problems
        assert [policy.pull_request.branch for policy in file.images] == ["up", "up-two-b"]
        assert problem.key == "branch"
        assert "is the branch of another automation too" in problem.message

    def test_straight_to_which_several_automations_write_is_one(self, flux):
        automations = [flux.automation("a", "one"), flux.automation("b", "two")]
        policies = [flux.policy(namespace=name) + "---\n" + flux.repository(namespace=name) for name in ("one", "two")]

        file = flux.load(*automations, *policies)

        assert [policy.pull_request.branch for policy in file.images] == ["main", "main"]
        assert file.problems == ()

    def test_cannot_be_a_folder_of_another(self, flux):
        automations = [flux.automation("a", git=git("main", "up")), flux.automation("b", git=git("main", "up/b"))]

        problem = flux.refusal(*automations)

        assert problem.key == "branch"
        assert "cannot both be in git: 'up' and 'up/b'" in problem.message


class TestThePath:
    @pytest.mark.parametrize(
        ("path", "globs"),
        [
            (None, ("**",)),
            ("", ("**",)),
            (".", ("**",)),
            ("./", ("**",)),
            ("/", ("**",)),
            ("./clusters/prod", ("clusters/prod/**",)),
            ("clusters/prod/", ("clusters/prod/**",)),
            ("/clusters//prod/./x/..", ("clusters/prod/**",)),
            ("apps", ("apps/**",)),
            ("./apps/app.yaml", ("/apps/app.yaml",)),
            ("app.yml", ("/app.yml",)),
        ],
    )
    def test_becomes_globs(self, flux, path, globs):
        assert flux.one(flux.automation(update={"path": path, "strategy": "Setters"})).paths == globs

    def test_that_is_a_file_without_an_ending_is_known_by_the_files(self, flux):
        manifests = [flux.repository(), flux.policy(), flux.automation(update={"path": "./apps/Kustomization"})]

        assert flux.load(*manifests).images[0].paths == ("apps/Kustomization/**",)
        file = flux.load_beside({"apps/Kustomization": b""}, *manifests)
        assert file.images[0].paths == ("/apps/Kustomization",)

    @pytest.mark.parametrize(
        ("path", "inside", "outside"),
        [
            ("apps", "apps/a/b.yaml", "other/apps/a.yaml"),
            ("a*", "a*/x.yaml", "ab/x.yaml"),
            ("[a]", "[a]/x.yaml", "a/x.yaml"),
            ("!a", "!a/x.yaml", "a/x.yaml"),
            ("#a b", "#a b/x.yaml", "a/x.yaml"),
            ("a.yaml", "a.yaml", "b/a.yaml"),
        ],
    )
    def test_selects_what_is_below_it_and_nothing_else(self, flux, path, inside, outside):
        paths = flux.one(flux.automation(update={"path": path})).paths

        assert selects(paths, inside)
        assert not selects(paths, outside)

    @pytest.mark.parametrize("path", ["..", "../x", "a/../../x", "./..", "/../x", "a" * 501, "a\0b", ["a"]])
    def test_stays_within_the_repository(self, flux, path):
        assert flux.refusal(flux.automation(update={"path": path})).key == "path"

    def test_is_written_by_setters(self, flux):
        assert flux.refusal(flux.automation(update={"strategy": "Other"})).key == "strategy"


class TestThePolicies:
    def test_of_its_namespace_share_its_pull_request(self, flux):
        file = flux.load(flux.repository(), flux.policy("a"), flux.policy("b"), flux.automation())

        assert {policy.group for policy in file.images} == {"apps:all"}

    def test_of_other_namespaces_are_not_taken(self, flux):
        policy = flux.one(flux.automation(namespace="other"))

        assert policy.grouped_under is None
        assert policy.enabled

    def test_are_selected_by_their_labels(self, flux):
        automation = flux.automation(policySelector={"matchLabels": {"team": "a"}}, update={"path": "apps"})
        file = flux.load(
            flux.repository(),
            flux.policy("a", labels={"team": "a"}),
            flux.policy("b", labels={"team": "b"}),
            automation,
        )

        taken, left = file.images
        (problem,) = file.problems
        assert (taken.paths, taken.enabled, taken.group) == (("apps/**",), True, "apps:all")
        assert (left.enabled, left.grouped_under) == (False, None)
        assert problem.message == (
            "`metadata.name` apps:b is selected by no automation of its namespace, so that nothing is written"
        )

    def test_are_taken_by_the_first_automation_and_the_others_are_named(self, flux):
        automations = [flux.automation(name, update={"path": name}) for name in ("c", "a", "b")]

        file = flux.load(flux.repository(), flux.policy(), *automations)

        (problem,) = file.problems
        assert file.images[0].group == "apps:a"
        assert file.images[0].paths == ("a/**",)
        assert problem.key == "name"
        assert "here 'apps:a' counts, with its paths and its branch, and 'apps:b', 'apps:c' do not" in problem.message

    def test_that_are_left_out_never_share_a_pull_request_by_their_name(self, flux):
        automation = flux.automation("app", policySelector={"matchLabels": {"a": "b"}})
        file = flux.load(flux.repository(), flux.policy("app"), flux.policy("b", labels={"a": "b"}), automation)

        assert len({policy.group for policy in file.images}) == 2


class TestSuspend:
    def test_of_an_automation_does_not_pause_the_policies(self, flux):
        assert flux.one(flux.automation(suspend=True)).enabled

    @pytest.mark.parametrize("suspend", [False, None])
    def test_that_is_missing_is_told_because_two_would_write(self, flux, suspend):
        address = {"url": "https://token@github.com/o/r.git"}

        (problem,) = flux.problems(flux.automation(suspend=suspend), flux.source(**address))

        assert problem.key == "suspend"
        assert problem.message == (
            "`spec.suspend` is not true, so that Flux writes to 'github.com/o/r.git' too, and two writers race: "
            "set it to true, and run `flux suspend image update all -n apps`"
        )

    def test_is_told_for_each_automation(self, flux):
        automations = [flux.automation(name, suspend=False) for name in ("a", "b")]

        assert [problem.key for problem in flux.problems(*automations)] == ["suspend", "suspend"]


def test_a_source_of_another_kind_is_refused(flux):
    assert flux.refusal(flux.automation(sourceRef={"kind": "Bucket", "name": "x"})).key == "kind"
