"""What may be a patch is read by its bytes: the object that it is about where that is plain, and the keys it names."""

import pytest

from bot.findings.kustomizations import Patch
from bot.findings.reading_patches import patches_in_file, patches_in_text

KIND = "apiVersion: apps/v1\nkind: Deployment\n"
ABOUT = {
    "flow": (f"{KIND}metadata: {{name: web}}\n", "web"),
    "flow behind others": (f"{KIND}metadata: {{namespace: shop, name: web}}\n", "web"),
    "block": (f"{KIND}metadata:\n  name: web\n", "web"),
    "block behind a map": (f"{KIND}metadata:\n  labels:\n    name: other\n  name: web # the shop\nspec: {{}}\n", "web"),
    "block with CRLF": (f"{KIND}metadata:\n  name: web\n".replace("\n", "\r\n"), "web"),
    "quoted": (f'{KIND}metadata:\n  name: "web"\n', "web"),
    "a template": (f"{KIND}metadata:\n  name: ${{NAME}}\n", ""),
    "twice": (f"{KIND}metadata:\n  name: web\n  name: other\n", ""),
    "no name": (f"{KIND}metadata:\n  labels: {{name: other}}\n", ""),
    "no metadata": (KIND, ""),
}


@pytest.mark.parametrize(("text", "name"), ABOUT.values(), ids=ABOUT)
def test_a_patch_is_about_the_object_that_it_plainly_names(text: str, name: str) -> None:
    assert patches_in_file("patch.yaml", text.encode()) == (Patch("patch.yaml", "Deployment", name),)


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
        "kind: ConfigMap\n",
        f"{KIND}metadata: {{name: web}}\nspec: {{selector: {{a: b}}}}\n",
        "",
        "\0\0",
    ],
)
def test_other_files_are_no_patches(text: str) -> None:
    assert patches_in_file("app.yaml", text.encode()) == ()


@pytest.mark.parametrize("path", ["prod/web-patch.yaml", "patches/web.yaml", "overlays/prod/web.yaml"])
def test_a_whole_object_is_a_patch_where_its_path_says_so(path: str) -> None:
    text = f"{KIND}metadata: {{name: web}}\nspec: {{selector: {{a: b}}, replicas: 3}}\n"
    assert patches_in_file(path, text.encode()) == (Patch(path, "Deployment", "web", ("replicas",)),)


def test_each_document_of_a_file_is_a_patch_of_its_own() -> None:
    text = f"{KIND}metadata: {{name: a}}\nspec: {{replicas: 2}}\n---\n{KIND}metadata: {{name: b}}\n"
    assert [(each.name, each.words) for each in patches_in_file("a.yaml", text.encode())] == [
        ("a", ("replicas",)),
        ("b", ()),
    ]


def test_a_file_of_very_many_documents_is_one_patch_about_anything() -> None:
    text = f"{KIND}metadata: {{name: a}}\n---\n" * 1_000
    assert patches_in_file("a.yaml", text.encode()) == (Patch("a.yaml"),)


@pytest.mark.parametrize(("path", "is_patch"), [("patch.yaml", True), ("web.yaml", False)])
def test_a_long_file_may_say_anything_where_its_path_says_that_it_is_a_patch(path: str, is_patch: bool) -> None:
    found = patches_in_file(path, f"{KIND}# {'x' * 300_000}\n".encode())
    assert [(each.kind, each.name, "replicas" in each.words) for each in found] == (
        [("", "", True)] if is_patch else []
    )


@pytest.mark.parametrize(
    ("text", "containers"),
    [
        ("spec: {containers: [{name: web, image: 'app:1'}]}", ("web",)),
        ("[{op: replace, path: /spec/containers/0/image, value: 'app:1'}]", ("*",)),
        ("image: a\n" + "".join(f"name: c{number}\n" for number in range(99)), ("*",)),
    ],
)
def test_a_patch_in_a_kustomization_tells_whose_image_it_sets(text: str, containers: tuple[str, ...]) -> None:
    assert [each.containers for each in patches_in_text(text, "", "")] == [containers]


def test_the_target_counts_before_what_the_text_names() -> None:
    text = f"{KIND}metadata: {{name: any}}\nspec: {{replicas: 3}}\n"
    assert patches_in_text(text, "StatefulSet", "*") == (Patch("", "StatefulSet", "*", ("replicas",)),)


def test_a_patch_that_names_nothing_that_rules_ask_about_is_left_out() -> None:
    assert patches_in_text(f"{KIND}metadata: {{name: web}}\nspec: {{paused: true}}\n", "", "") == ()
