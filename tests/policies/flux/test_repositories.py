"""ImageRepository: the image, how often it is looked at, what is left out."""

from datetime import timedelta

import pytest


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ghcr.io/stefanprodan/podinfo", "ghcr.io/stefanprodan/podinfo"),
        ("nginx", "docker.io/library/nginx"),
        ("index.docker.io/o/app", "docker.io/o/app"),
        ("localhost:5000/app", "localhost:5000/app"),
    ],
)
def test_the_image_is_the_repositorys(flux, written, name):
    policy = flux.one(flux.repository(image=written))

    assert policy.image.name == name
    assert str(policy.image) == written


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("https://ghcr.io/o/app", "without a scheme"),
        ("oci://ghcr.io/o/app", "without a scheme"),
        ("ghcr.io/o/app:1.0", "without tag and digest"),
        ("ghcr.io/o/app@sha256:" + "a" * 64, "without tag and digest"),
        ("ghcr.io/O/app", "lower case"),
        ("", "it is empty"),
        (None, "is missing"),
        (["a"], "is a text, not a list or a mapping"),
    ],
)
def test_an_image_that_is_none_is_refused(flux, image, message):
    problem = flux.refusal(flux.policy(), flux.repository(image=image))

    assert problem.key == "image"
    assert message in problem.message


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1m0s", 60), ("90s", 90), ("1.5h", 5400), ("1h1m1s", 3661)],
)
def test_the_interval_is_how_often_the_image_is_looked_at(flux, written, seconds):
    assert flux.one(flux.repository(interval=written)).poll == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["59s", "500ms", "0s"])
def test_an_interval_of_less_than_a_minute_is_a_minute_and_it_is_told(flux, written):
    file = flux.load(flux.policy(), flux.repository(interval=written))

    (problem,) = file.problems
    assert file.images[0].poll == timedelta(minutes=1)
    assert problem.key == "interval"
    assert "is taken for 1m" in problem.message


def test_without_an_interval_the_usual_one_counts(flux):
    assert flux.one(flux.repository(interval=None)).poll == timedelta(minutes=5)


@pytest.mark.parametrize("interval", ["5", "5d", "-1m", "1m ", "", "9" * 40 + "h", "99999999h", [], {"m": 1}])
def test_an_interval_that_is_none_is_refused(flux, interval):
    assert flux.refusal(flux.policy(), flux.repository(interval=interval)).key == "interval"


def test_signatures_are_left_out_by_default(flux):
    assert flux.one().rule.exclude == (r"^.*\.sig$",)


@pytest.mark.parametrize("patterns", [[], ["-dev$"], ["a", "b"]])
def test_the_exclusion_list_is_what_is_left_out(flux, patterns):
    assert flux.one(flux.repository(exclusionList=patterns)).rule.exclude == tuple(patterns)


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        (["("], "is not a pattern"),
        (["a(?=b)"], "is not a pattern"),
        (["x"] * 26, "holds at most 25 patterns, not 26"),
        ("x", "is a list of texts"),
        ([["x"]], "is a list of texts"),
        ([None], "is a list of texts"),
    ],
)
def test_patterns_that_are_none_are_refused(flux, patterns, message):
    problem = flux.refusal(flux.policy(), flux.repository(exclusionList=patterns))

    assert problem.key == "exclusionList"
    assert message in problem.message


def test_a_suspended_repository_pauses_its_policies(flux):
    assert not flux.one(flux.repository(suspend=True)).enabled
    assert flux.one(flux.repository(suspend=False)).enabled


def test_a_flag_is_a_word_without_quotes(flux):
    assert not flux.one(flux.repository().replace("interval", "suspend: yes\n  interval")).enabled
    assert flux.refusal(flux.policy(), flux.repository(suspend="true")).key == "suspend"
    assert flux.refusal(flux.policy(), flux.repository(suspend=1)).key == "suspend"


def test_a_policy_may_name_a_repository_of_another_namespace(flux):
    repository = flux.repository(namespace="shared", image="nginx")
    policy = flux.policy(imageRepositoryRef={"name": "app", "namespace": "shared"})

    assert flux.load(repository, policy).images[0].image.name == "docker.io/library/nginx"


@pytest.mark.parametrize("reference", [{"name": "other"}, {"name": "app", "namespace": "other"}])
def test_a_repository_that_stands_nowhere_is_refused(flux, reference):
    problem = flux.refusal(flux.repository(), flux.policy(imageRepositoryRef=reference))

    assert problem.key == "name"
    assert "stands in no file of the repository" in problem.message


def test_a_repository_must_be_named(flux):
    assert flux.refusal(flux.repository(), flux.policy(imageRepositoryRef=None)).key == "imageRepositoryRef"
    assert flux.refusal(flux.repository(), flux.policy(imageRepositoryRef={})).key == "name"
