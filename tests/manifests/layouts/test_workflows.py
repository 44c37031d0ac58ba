"""Jobs, services and steps of GitHub Actions run in images."""

from __future__ import annotations

import json

import pytest

from bot.manifests import find_images, read_manifest

PATH = ".github/workflows/ci.yml"
ACTION = "lint/action.yml"
DIGEST = "sha256:" + "a" * 64


def job(*lines: str) -> str:
    return "on: {push: {paths: [images/**]}}\njobs:\n  test:\n" + "".join(f"    {line}\n" for line in lines)


def images(text: str, path: str = PATH) -> list[tuple[str, str, str]]:
    occurrences = find_images(path, text.encode())
    return [(occurrence.container, occurrence.field, occurrence.text) for occurrence in occurrences]


def skipped(text: str) -> list[tuple[int | None, str]]:
    return [(each.line, each.reason.value) for each in read_manifest(PATH, text.encode()).skipped]


PLACES = {
    "container: app:v1": ("test", "container", "app:v1"),
    "container: app": ("test", "container", "app"),
    "container: docker://app:v1": ("test", "container", "app:v1"),
    "container: {image: 'app:v1', options: --rm}": ("test", "container.image", "app:v1"),
    "container: {image: 'docker://app:v1'}": ("test", "container.image", "app:v1"),
    "container: ${{ matrix.image }}": ("test", "container", "${{ matrix.image }}"),
    "container: 'app:${{ matrix.tag }}'": ("test", "container", "app:${{ matrix.tag }}"),
    "services: {db: {image: 'app:v1'}}": ("db", "services.db.image", "app:v1"),
    "services: {db: 'app:v1'}": ("db", "services.db", "app:v1"),
    "services: {my.db: {image: app}}": ("my.db", 'services["my.db"].image', "app"),
    "steps: [{uses: 'docker://app:v1'}]": ("", "steps[0].uses", "app:v1"),
    "steps: [{run: make}, {id: two, uses: 'docker://app'}]": ("two", "steps[1].uses", "app"),
    "steps: [{id: two, name: Lint, uses: 'docker://app:v1'}]": ("Lint", "steps[0].uses", "app:v1"),
    f"steps: [{{uses: 'docker://app@{DIGEST}'}}]": ("", "steps[0].uses", f"app@{DIGEST}"),
}


@pytest.mark.parametrize(("line", "place"), PLACES.items())
def test_an_image_is_found_where_a_workflow_runs_it(line, place):
    container, field, text = place
    assert images(job(line)) == [(container, f"jobs.test.{field}", text)]


NO_PLACES = [
    "container: ''",
    "container:",
    "container: {image: ''}",
    "container: {options: --rm}",
    "services: {db: {image: }}",
    "services: {db: }",
    "services: ${{ fromJSON(inputs.services) }}",
    "steps: [{uses: actions/checkout@v4}]",
    "steps: [{uses: ./docker/}]",
    "steps: [{uses: [docker://app]}]",
    "steps: [{run: 'docker run app:v1'}]",
    "steps: ['docker://app:v1']",
    "steps: [{with: {image: 'app:v1'}}]",
    "strategy: {matrix: {image: ['app:v1']}}",
    "uses: acme/ci/.github/workflows/a.yml@v1",
    "outputs: {image: 'app:v1'}",
]


@pytest.mark.parametrize("line", NO_PLACES)
def test_nothing_else_in_a_workflow_is_an_image(line):
    manifest = read_manifest(PATH, job(line, "name: image").encode())
    assert (manifest.occurrences, manifest.skipped) == ((), ())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("container: [app]", "not-a-text"),
        ("container: {image: [app]}", "not-a-text"),
        ("container: {{ image }}", "template"),
        ("container: {image: {{ image }}}", "template"),
        ("container: {image: a, image: b}", "duplicate-key"),
        ("services: {db: [app]}", "not-a-text"),
        ("services: {db: {image: a}, db: {image: b}}", "duplicate-key"),
        ("steps: [{uses: 'docker://a', uses: 'docker://b'}]", "duplicate-key"),
    ],
)
def test_what_cannot_be_read_is_told(line, reason):
    assert images(job(line)) == []
    assert skipped(job(line)) == [(4, reason)]


@pytest.mark.parametrize("line", ["container: a", "services: {}", "steps: []"])
def test_a_part_of_a_job_that_stands_twice_is_told(line):
    assert skipped(job(line, line)) == [(5, "duplicate-key")]


def test_a_job_that_stands_twice_is_told():
    text = "jobs:\n  test: {container: a}\n  test: {container: b}\n  other: {container: c}\n"
    assert images(text) == [("other", "jobs.other.container", "c")]
    assert skipped(text) == [(3, "duplicate-key")]


def test_what_aliases_stand_for_is_found_once_but_each_alias_of_an_image_is_a_place():
    text = (
        "jobs:\n  a: {container: &image 'app:v1', services: &services {db: db}}\n"
        "  b: &job {container: *image, services: *services}\n  c: *job\n"
    )
    assert images(text) == [
        ("a", "jobs.a.container", "app:v1"),
        ("db", "jobs.a.services.db", "db"),
        ("b", "jobs.b.container", "app:v1"),
    ]


@pytest.mark.parametrize("path", [".github/workflows/a.yaml", ".github/workflows/A-b.c.yml"])
def test_any_file_of_the_folder_is_a_workflow(path):
    assert len(images(job("container: app"), path)) == 1


@pytest.mark.parametrize("path", ["ci.yml", "workflows/ci.yml", "a/.github/workflows/ci.yml", ".github/ci.yml"])
def test_other_files_are_no_workflows(path):
    assert images(job("container: app"), path) == []


def test_an_object_is_no_workflow_wherever_it_stands():
    assert images("kind: Ci\n" + job("container: app")) == []
    assert images("kind: Ci\nruns: {image: 'docker://app'}", ACTION) == []


ACTIONS = {
    "runs: {using: docker, image: 'docker://app:v1'}": [("", "runs.image", "app:v1")],
    "runs: {using: composite, steps: [{uses: 'docker://app:v1'}]}": [("", "runs.steps[0].uses", "app:v1")],
    "runs: {using: composite, steps: [{id: a, uses: 'docker://app'}]}": [("a", "runs.steps[0].uses", "app")],
    "runs: {using: docker, image: Dockerfile}": [],
    "runs: {using: docker, image: {a: b}}": [],
    "runs: {using: composite, steps: {uses: 'docker://app'}}": [],
    "runs: [{image: 'docker://app'}]": [],
}


@pytest.mark.parametrize(("text", "found"), ACTIONS.items())
@pytest.mark.parametrize("path", ["action.yml", "action.yaml", ".github/actions/lint/action.yml"])
def test_an_action_runs_in_an_image(path, text, found):
    assert images(text, path) == found


def test_a_file_of_that_name_that_runs_nothing_is_no_action():
    assert images("image: {repository: app, tag: v1}", ACTION) == [("", "image", "app:v1")]


def test_another_file_is_no_action():
    assert images("runs: {using: docker, image: 'docker://app:v1'}", "actions.yml") == []


@pytest.mark.parametrize("value", [None, "text", 5, [], {}, [[]], [None], {"a": None}, {"a": []}, {"a": {}}])
@pytest.mark.parametrize("way", [("jobs",), ("jobs", "a"), ("jobs", "a", "services"), ("jobs", "a", "steps")])
def test_any_other_shape_holds_no_images(way, value):
    if way[-1] == "services" and value == {"a": []}:
        value = {"a": {"b": []}}
    for key in reversed(way):
        value = {key: value}
    manifest = read_manifest(PATH, json.dumps({"name": "image", **value}).encode())
    assert (manifest.occurrences, manifest.skipped) == ((), ())
