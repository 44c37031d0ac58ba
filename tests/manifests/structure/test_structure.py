"""What counts as an image by its structure alone, and what does not."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.manifests.fields import text_of
from bot.manifests.occurrences import Part
from bot.manifests.places import Note, Owner, Place
from bot.manifests.reasons import SkipReason
from bot.manifests.structure import images_below
from bot.manifests.tree import grow

DIGEST = "sha256:" + "a" * 64
OWNER = Owner("Shop", "team", "web")


def findings(text: str, way: str = ""):
    (root,) = grow(text.encode())
    return list(images_below(root, OWNER, way))


def written(place: Place) -> str:
    """Write a place as its field and the text of each of its parts."""
    parts = [f"{piece.part}={text_of(piece.node)[piece.start : piece.end]}" for piece in place.pieces]
    return " ".join([place.field, *parts])


def found(text: str, way: str = "") -> list[str]:
    places = [each for each in findings(text, way) if isinstance(each, Place)]
    return [written(place) for place in places]


def noted(text: str) -> list[tuple[int, SkipReason, str]]:
    return [tuple(each) for each in findings(text) if isinstance(each, Note)]


@pytest.mark.parametrize(
    "key",
    [
        *("image", "Image", "IMAGE", "webImage", "web_image", "web-image", "web.image", "PROXY_IMAGE", "webimage"),
        *("imageName", "webImageName", "image_repository"),
    ],
)
def test_a_text_with_a_tag_below_such_a_key_is_an_image(key):
    assert [place.split(" ")[1] for place in found(f"{key}: acme/app:1")] == ["whole=acme/app:1"]


@pytest.mark.parametrize(
    "key",
    ["images_dir", "imageTag", "imagePullPolicy", "picture", "imageId", "reference", "myImageK8S", "imageRegistry"],
)
def test_a_text_with_a_tag_below_another_key_is_none(key):
    assert found(f"{key}: acme/app:1") == []


@pytest.mark.parametrize(
    "value",
    [
        "nginx:1.25",
        "ghcr.io/acme/app:v1",
        "localhost:5000/app:1",
        f"app@{DIGEST}",
        f"app:1@{DIGEST}",
        "'app:1'",
        '"app:1"',
        "!!str app:1",
        "&here app:1",
        "|\n  app:1",
    ],
)
def test_a_reference_with_a_tag_or_a_digest_is_an_image(value):
    assert len(found(f"image: {value}\n")) == 1


@pytest.mark.parametrize(
    "value",
    [
        "nginx",
        "ghcr.io/acme/app",
        "localhost:5000/app",
        "banner.png",
        "assets/banner.png",
        "https://example.com/banner.png",
        "https://example.com:8080/banner:1.png",
        "docker://alpine:3",
        "ami-0123456789",
        "arn:aws:ecr:eu-west-1:123456789012:repository/app:1",
        "data:image/png;base64,AAAA",
        "16:9",
        "Acme/App:1",
        "someone@example.com",
        DIGEST,
        "a" * 64,
        "'{{ .Values.image }}:1.0'",
        "${REGISTRY}/app:1.0",
        "'app:1 '",
        "'two words:1'",
        "''",
        "~",
        "true",
        "1.10",
        "[]",
        "{}",
        "{a: 1}",
        "app:" + "1" * 200,
        "a" * 2000 + ":1",
        "''':'",
        "':'",
        "'@'",
        "'\\0:1'",
    ],
)
def test_any_other_text_is_none(value):
    assert found(f"image: {value}\n") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{registry: quay.io, repository: acme/app, tag: v1}", "registry=quay.io name=acme/app tag=v1"),
        ("{repository: acme/app, tag: v1}", "name=acme/app tag=v1"),
        ("{repo: acme/app, tag: v1}", "name=acme/app tag=v1"),
        ("{name: acme/app, tag: v1}", "name=acme/app tag=v1"),
        ("{image: acme/app, tag: v1}", "name=acme/app tag=v1"),
        ("{registry: quay.io, image: acme/app, version: v1}", "registry=quay.io name=acme/app tag=v1"),
        ("{repository: acme/app, version: v1}", "name=acme/app tag=v1"),
        ("{name: acme/app, newTag: v1}", "name=acme/app tag=v1"),
        ("{name: app, newName: quay.io/app, newTag: v1}", "name=quay.io/app tag=v1"),
        ("{repository: acme/app, tag: 1.10}", "name=acme/app tag=1.10"),
        (f"{{repository: acme/app, digest: '{DIGEST}'}}", f"name=acme/app digest={DIGEST}"),
        (f"{{repository: app, tag: v1, digest: '{DIGEST}'}}", f"name=app tag=v1 digest={DIGEST}"),
        (f"{{repository: app, tag: v1, digest: {'a' * 64}}}", f"name=app tag=v1 digest={'a' * 64}"),
        ("{repository: app, tag: v1, digest: ''}", "name=app tag=v1 digest="),
        ("{repository: app, tag: v1, digest: }", "name=app tag=v1"),
        ("{repository: app, tag: v1, digest: ~}", "name=app tag=v1"),
        ("{registry: '', repository: app, tag: v1}", "registry= name=app tag=v1"),
        (f"{{repository: app, tag: 'v1@{DIGEST}'}}", f"name=app tag=v1 digest={DIGEST}"),
        (f"{{repository: app, tag: 'v1@{DIGEST}', digest: ''}}", f"name=app tag=v1 digest={DIGEST}"),
        (f"{{repository: app, tag: 'v1@{DIGEST}', digest: x}}", f"name=app tag=v1@{DIGEST} digest=x"),
        ("{repository: app, tag: ''}", "name=app tag="),
        ("{repository: app, tag: }", "name=app tag="),
        ("{repository: app, tag: ~}", "name=app tag=~"),
        ("{repository: app, tag: null}", "name=app tag=null"),
        (f"{{repository: 'null', digest: '{DIGEST}'}}", f"name=null digest={DIGEST}"),
        ("{repository: app, tag: '{{ .Values.tag }}'}", "name=app tag={{ .Values.tag }}"),
        ("{repository: nvcr.io/nvidia, image: driver, version: 5.1}", "registry=nvcr.io/nvidia name=driver tag=5.1"),
        ("{repository: Acme/App, tag: v1}", "name=Acme/App tag=v1"),
        ("{host: ghcr.io, repository: acme/app, tag: v1}", "registry=ghcr.io name=acme/app tag=v1"),
        ("{registry: '', host: ghcr.io, repository: app, tag: v1}", "registry=ghcr.io name=app tag=v1"),
        ("{registry: quay.io, host: ghcr.io, repository: app, tag: v1}", "registry=quay.io name=app tag=v1"),
        ("{host: shop, repository: acme/app, tag: v1}", "name=acme/app tag=v1"),
        ("{repository: 'https://github.com/acme/app', name: acme/app, tag: v1}", "name=acme/app tag=v1"),
        ("{repository: 'https://github.com/acme/app', image: acme/app, tag: v1}", "name=acme/app tag=v1"),
        ("{registry: 'https://ghcr.io', repository: acme/app, tag: v1}", "name=acme/app tag=v1"),
        ("{repository: quay.io/acme, name: app, tag: v1}", "registry=quay.io/acme name=app tag=v1"),
        ("{registry: '', repository: acme, name: app, tag: v1}", "registry=acme name=app tag=v1"),
        ("{repository: quay.io/acme/app, name: app, tag: v1}", "name=quay.io/acme/app tag=v1"),
        ("{repository: app, name: app, tag: v1}", "name=app tag=v1"),
        ("{repository: acme, name: The App, tag: v1}", "name=acme tag=v1"),
        ("{repository: acme, name: quay.io/app, tag: v1}", "name=acme tag=v1"),
        ("{repository: nvcr.io/nvidia, image: driver, tag: v1}", "registry=nvcr.io/nvidia name=driver tag=v1"),
        (
            "{repository: nvcr.io/nvidia/cloud, image: driver, version: v1}",
            "registry=nvcr.io/nvidia/cloud name=driver tag=v1",
        ),
        ("{repository: quay.io/acme/app, namespace: shop, tag: v1}", "name=quay.io/acme/app tag=v1"),
    ],
)
@pytest.mark.parametrize("key", ["image", "sidecarImage"])
def test_a_mapping_with_the_parts_of_an_image_is_one(key, text, place):
    assert found(f"{key}: {text}") == [f"{key} {place}"]


@pytest.mark.parametrize(
    "text",
    [
        "{repository: acme/app}",
        "{repository: acme/app, pullPolicy: Always}",
        "{repository: acme/app, digest: ''}",
        "{tag: v1}",
        "{repository: '', tag: v1}",
        "{repository: ~, tag: v1}",
        "{repository: '{{ .Values.repository }}', tag: v1}",
        "{repository: '${REPOSITORY}', tag: v1}",
        "{repository: 'https://github.com/acme/app', tag: v1}",
        "{name: My Picture, version: 1}",
        "{name: banner.png, size: 1}",
        "{repository: [acme/app], tag: v1}",
        "{repository: {name: acme/app}, tag: v1}",
        "{repository: acme/app, tag: [v1]}",
        "{registry: 'localhost:5000', pullPolicy: Always}",
        f"{{repository: {'a' * 1025}, tag: v1}}",
    ],
)
def test_a_mapping_without_a_name_and_a_tag_is_none(text):
    assert found(f"image: {text}") == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("{repository: 'acme/app:v1', tag: v2}", ["image.repository whole=acme/app:v1"]),
        ("{name: 'acme/app:v1', pullPolicy: Always}", ["image.name whole=acme/app:v1"]),
        ("{web: 'acme/web:v1', api: 'acme/api:v1'}", ["image.web whole=acme/web:v1", "image.api whole=acme/api:v1"]),
        (
            "{web: {repository: web, tag: v1}, api: {name: api, tag: v2}}",
            ["image.web name=web tag=v1", "image.api name=api tag=v2"],
        ),
        (
            "{repository: app, tag: v1, init: {repository: init, tag: v2}}",
            ["image name=app tag=v1", "image.init name=init tag=v2"],
        ),
        (
            "{longhorn: {engine: {repository: engine, tag: v1}, ui: {repository: ui, tag: v2}}}",
            ["image.longhorn.engine name=engine tag=v1", "image.longhorn.ui name=ui tag=v2"],
        ),
        ("{a: {b: {c: {d: {repository: app, tag: v1}}}}}", ["image.a.b.c.d name=app tag=v1"]),
        ("{a: {b: [{repository: app, tag: v1}]}}", ["image.a.b[0] name=app tag=v1"]),
        ("{a: [[{repository: app, tag: v1}]]}", ["image.a[0][0] name=app tag=v1"]),
        ("{a: {b: {name: app, version: v1}}}", []),
        ("{repository: app, tag: v1, probe: {path: /, tag: a}}", ["image name=app tag=v1"]),
        (
            "{repository: app, tag: v1, containers: [{name: a, image: b}]}",
            ["image name=app tag=v1", "image.containers[0].image whole=b"],
        ),
        ("['acme/app:v1', acme/other]", ["image[0] whole=acme/app:v1"]),
        ("{repository: app, tag: v1, about: 'acme/app:v1'}", ["image name=app tag=v1"]),
    ],
)
def test_below_an_image_key_several_may_stand(text, places):
    assert found(f"image: {text}") == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("image: acme/app\ntag: v1", ["image name=acme/app tag=v1"]),
        ("image: acme/app\nimageTag: v1", ["image name=acme/app tag=v1"]),
        ("image: acme/app\nimageVersion: v1", ["image name=acme/app tag=v1"]),
        ("imageName: acme/app\nimageTag: v1", ["imageName name=acme/app tag=v1"]),
        ("imageRepository: acme/app\nimageTag: v1", ["imageRepository name=acme/app tag=v1"]),
        (
            "imageRegistry: quay.io\nimageRepository: app\nimageTag: v1\nimageDigest: ''",
            ["imageRepository registry=quay.io name=app tag=v1 digest="],
        ),
        ("webImage: web\nwebImageTag: v1", ["webImage name=web tag=v1"]),
        ("webImage: web\nwebTag: v1", ["webImage name=web tag=v1"]),
        ("web_image: web\nweb_image_tag: v1", ["web_image name=web tag=v1"]),
        ("WEB_IMAGE_NAME: web\nWEB_IMAGE_TAG: v1", ["WEB_IMAGE_NAME name=web tag=v1"]),
        ("web-image: web\nweb-tag: v1", ["web-image name=web tag=v1"]),
        ("image: app\ntag: ''", ["image name=app tag="]),
        (f"image: app\nimageDigest: {DIGEST}", [f"image name=app digest={DIGEST}"]),
        ("image: app:v1\ntag: v2", ["image whole=app:v1"]),
        ("image: app\nimageName: other\nimageTag: v1", ["image name=app tag=v1"]),
        ("image: web\ntag: v1\nappImage: app\nappTag: v2", ["image name=web tag=v1", "appImage name=app tag=v2"]),
        ("hub: quay.io/istio\nimage: proxyv2\ntag: 1", ["image registry=quay.io/istio name=proxyv2 tag=1"]),
        ("proxyHub: quay.io\nproxyImage: proxyv2\nproxyTag: 1", ["proxyImage registry=quay.io name=proxyv2 tag=1"]),
        ("hub: quay.io/istio\nimage: ghcr.io/acme/app\ntag: 1", ["image name=ghcr.io/acme/app tag=1"]),
        ("hub: https://quay.io\nimage: acme/app\ntag: 1", ["image name=acme/app tag=1"]),
        (
            "defaultAirflowRepository: apache/airflow\ndefaultAirflowTag: 2.7.1",
            ["defaultAirflowRepository name=apache/airflow tag=2.7.1"],
        ),
        (
            f"defaultAirflowRepository: app\ndefaultAirflowTag: ''\ndefaultAirflowDigest: {DIGEST}",
            [f"defaultAirflowRepository name=app tag= digest={DIGEST}"],
        ),
        ("defaultAirflowRepository: apache/airflow\ntag: 2.7.1", []),
        ("gitRepository: acme/app\ngitTag: 1", []),
        ("defaultRepository: https://github.com/acme/app\ndefaultTag: 1", []),
        ("imageK8S: acme/app:1", ["imageK8S whole=acme/app:1"]),
        (
            f"imageConsulDataplane: quay.io/acme/app:1@{DIGEST}",
            [f"imageConsulDataplane whole=quay.io/acme/app:1@{DIGEST}"],
        ),
        ("imageK8S: app:1", []),
        ("imageK8S: acme/app", []),
        (f"imageK8S: acme/app@{DIGEST}", []),
        ("image: app\nversion: v1", []),
        ("image: app\notherTag: v1", []),
        ("webImage: web\ntag: v1", []),
        ("image: https://example.com/a.png\ntag: v1", []),
        ("image: '{{ .Values.app }}'\ntag: v1", []),
        ("image: ''\ntag: v1", []),
        ("image: app\ntag: [v1]", []),
        ("name: app\ntag: v1", []),
    ],
)
def test_a_name_and_the_tag_beside_it_are_one_image(text, places):
    assert found(text) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("images: {web: 'acme/web:1', api: acme/api}", ["images.web whole=acme/web:1"]),
        ("images: {tags: {web: 'acme/web:1'}}", ["images.tags.web whole=acme/web:1"]),
        ("images: {web: {repository: web, tag: 1}}", ["images.web name=web tag=1"]),
        ("images: {tags: {web: {name: web, tag: 1}}}", ["images.tags.web name=web tag=1"]),
        ("images: ['acme/web:1', acme/api, 7]", ["images[0] whole=acme/web:1"]),
        ("images: [{name: web, newTag: 1}]", ["images[0] name=web tag=1"]),
        (
            "images: [{name: web, tag: 1}, {repository: api, tag: 2}]",
            ["images[0] name=web tag=1", "images[1] name=api tag=2"],
        ),
        ("extraImages: {web: 'acme/web:1'}", ["extraImages.web whole=acme/web:1"]),
        ("images: {repository: web, tag: 1}", ["images name=web tag=1"]),
        (
            "images: {repository: web, tag: 1, api: {name: api, tag: 2}, job: 'acme/job:3'}",
            ["images name=web tag=1", "images.job whole=acme/job:3", "images.api name=api tag=2"],
        ),
        ("images: [{repository: quay.io/acme, name: web, tag: 1}]", ["images[0] name=quay.io/acme tag=1"]),
        ("images: {registry: 'localhost:5000', imagePullPolicy: Always}", []),
        ("images: {web: {port: 'acme/web:1'}}", []),
        ("images: [[]]", []),
        ("images: a.png", []),
    ],
)
def test_below_images_each_is_one(text, places):
    assert found(text) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("{registry: quay.io, repository: app, tag: 1}", ["web registry=quay.io name=app tag=1"]),
        ("{repository: app, tag: 1, pullPolicy: Always}", ["web name=app tag=1"]),
        ("{repository: app, tag: 1, imagePullPolicy: Always}", ["web name=app tag=1"]),
        ("{repository: app, tag: 1, pullSecrets: []}", ["web name=app tag=1"]),
        ("{repository: app, tag: 1, digest: ''}", ["web name=app tag=1 digest="]),
        ("{repository: nvcr.io/acme, image: app, version: 1}", ["web registry=nvcr.io/acme name=app tag=1"]),
        ("{repository: app, tag: 1}", []),
        ("{repository: 'https://charts.example.com', tag: 1, pullPolicy: Always}", []),
        ("{registry: quay.io, tag: 1}", []),
    ],
)
def test_a_mapping_that_can_be_nothing_else_is_an_image_whatever_its_key(text, places):
    assert found(f"web: {text}") == places


def test_the_root_itself_may_be_an_image():
    assert found("{registry: quay.io, repository: app, tag: 1}", "spec.values") == [
        "spec.values registry=quay.io name=app tag=1"
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("containers: [{name: web, image: nginx}]", ["containers[0].image whole=nginx"]),
        ("initContainers: [{name: web, image: nginx}]", ["initContainers[0].image whole=nginx"]),
        ("extraContainers: [{name: web, image: nginx}]", ["extraContainers[0].image whole=nginx"]),
        ("sidecars: [{name: web, image: nginx}]", ["sidecars[0].image whole=nginx"]),
        ("steps: [{name: web, image: nginx}]", ["steps[0].image whole=nginx"]),
        ("containers: [{name: web, image: nginx, tag: 1}]", ["containers[0].image name=nginx tag=1"]),
        ("containers: [{name: web, image: '{{ .x }}'}]", ["containers[0].image whole={{ .x }}"]),
        ("container: {image: nginx}", ["container.image whole=nginx"]),
        ("script: {image: nginx}", ["script.image whole=nginx"]),
        ("sidecar: {image: nginx}", ["sidecar.image whole=nginx"]),
        ("stepTemplate: {image: nginx}", ["stepTemplate.image whole=nginx"]),
        ("volumes: [{name: a, image: {reference: app}}]", ["volumes[0].image.reference whole=app"]),
        (
            "containers: [{name: web, repository: quay.io, image: app, version: 1}]",
            ["containers[0] registry=quay.io name=app tag=1"],
        ),
        ("containers: [{image: nginx}]", []),
        ("containers: [{name: web, image: ''}]", []),
        ("containers: [{name: web, webImage: nginx}]", []),
        ("steps: [{image: banner.png}]", []),
        ("cards: [{name: web, image: banner}]", []),
        ("volumes: [{name: a, image: {reference: ''}}]", []),
    ],
)
def test_the_image_of_a_container_needs_no_tag(text, places):
    assert found(text) == places


@pytest.mark.parametrize(
    ("text", "container"),
    [
        ("containers: [{name: web, image: nginx}]", "web"),
        ("web: {name: shop, image: 'nginx:1'}", "shop"),
        ("web: {name: shop, image: {repository: nginx, tag: 1}}", "shop"),
        ("web: {name: shop, image: {name: nginx, tag: 1}}", "shop"),
        ("web: {name: shop, repository: nginx, tag: 1, pullPolicy: Always}", "shop"),
        ("volumes: [{name: data, image: {reference: 'app:1'}}]", "data"),
        ("images: [{name: nginx, newTag: 1}]", ""),
        ("web: {image: 'nginx:1'}", ""),
        ("name: shop\nweb: {image: 'nginx:1'}", ""),
        ("{name: ~, image: 'nginx:1'}", ""),
        ("{name: [web], image: 'nginx:1'}", ""),
    ],
)
def test_the_container_is_the_name_that_stands_beside_the_image(text, container):
    assert [place.container for place in findings(text)] == [container]


def test_the_owner_and_the_way_are_those_that_were_given():
    (place,) = findings("web: {image: 'nginx:1'}", "spec.values")
    assert (place.owner, place.field) == (OWNER, "spec.values.web.image")


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nmetadata: {annotations: {image: 'app:1'}}",
        "kind: Shop\nstatus: {image: 'app:1'}",
        "template: {metadata: {image: 'app:1'}, spec: {}}",
        "schema: {openAPIV3Schema: {properties: {image: 'app:1'}}}",
    ],
)
def test_what_is_about_an_object_and_what_describes_one_hold_no_images(text):
    assert found(text) == []


def test_values_may_have_a_part_called_metadata():
    assert found("metadata: {image: 'app:1'}") == ["metadata.image whole=app:1"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "{image: 'ghcr.io/acme/app:1', repository: 'https://github.com/acme/app', tag: 1}",
            ["x.image whole=ghcr.io/acme/app:1"],
        ),
        ("{image: 'acme/app:1', repository: acme/app, tag: 1}", ["x.image whole=acme/app:1"]),
        (
            "{image: ghcr.io/acme/app, repository: 'https://github.com/acme/app', tag: 1}",
            ["x.image name=ghcr.io/acme/app tag=1"],
        ),
        ("{image: ghcr.io/acme/app, repository: acme/app, tag: 1}", ["x.image name=ghcr.io/acme/app tag=1"]),
        ("{image: acme/app, repository: 'git://github.com/acme/app', tag: 1}", ["x.image name=acme/app tag=1"]),
        ("{image: acme/app, repository: 'https://github.com/acme/app', version: 1}", []),
    ],
)
def test_a_repository_beside_a_whole_image_is_no_part_of_it(text, places):
    assert found(f"x: {text}") == places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{registry: ghcr.io, repository: acme, name: app, tag: 1}", "name=ghcr.io/acme/app tag=1"),
        ("{registry: ghcr.io, org: acme, name: app, tag: 1}", "name=ghcr.io/acme/app tag=1"),
        ("{registry: ghcr.io/, namespace: acme, repository: app, tag: 1}", "name=ghcr.io/acme/app tag=1"),
        ("{organization: acme, name: app, tag: 1}", "name=acme/app tag=1"),
        ("{registry: ghcr.io, repository: acme, image: app, tag: 1}", "name=ghcr.io/acme/app tag=1"),
        ("{registry: ghcr.io, org: acme, repository: shop, name: app, tag: 1}", "name=ghcr.io/acme/shop/app tag=1"),
        ("{repository: ghcr.io/acme/app, name: web, tag: 1}", "name=ghcr.io/acme/app tag=1"),
        ("{repository: ghcr.io/acme/app, image: web, tag: 1}", "name=ghcr.io/acme/app tag=1"),
        ("{registry: ghcr.io, repository: acme/app, name: web, tag: 1}", "registry=ghcr.io name=acme/app tag=1"),
    ],
)
def test_an_image_whose_name_stands_in_more_keys_is_told_and_not_edited(text, place):
    (image,) = findings(f"image: {text}")
    last = {piece.part: piece for piece in image.pieces}
    shown = written(image._replace(pieces=tuple(last.values())))
    assert (shown, image.obstacle.reason) == (f"image {place}", SkipReason.TEMPLATE)


def test_each_value_in_which_a_part_of_a_name_stands_is_a_piece_of_the_image():
    (image,) = findings("image: {registry: ghcr.io, repository: acme, name: app, tag: 1}")
    assert [text_of(piece.node) for piece in image.pieces] == ["ghcr.io", "acme", "app", "ghcr.io/acme/app", "1"]


def with_global(image: str, registry: str = "ghcr.io") -> str:
    return f"global: {{imageRegistry: {registry}}}\nshop: {{image: {image}}}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (with_global("{repository: acme/app, tag: 1}"), "registry=ghcr.io name=acme/app tag=1"),
        (with_global("{registry: '', repository: acme/app, tag: 1}"), "registry=ghcr.io name=acme/app tag=1"),
        (with_global("{registry: quay.io, repository: acme/app, tag: 1}"), "registry=quay.io name=acme/app tag=1"),
        (with_global("{repository: quay.io/acme/app, tag: 1}"), "name=quay.io/acme/app tag=1"),
        (with_global("{name: acme/app, tag: 1}"), "name=acme/app tag=1"),
        (with_global("{repository: app, tag: 1}", "''"), "name=app tag=1"),
        (with_global("{repository: app, tag: 1}", ""), "name=app tag=1"),
        (with_global("{repository: app, tag: 1}", "'https://ghcr.io'"), "name=app tag=1"),
        (with_global("{repository: app, tag: 1}", "[ghcr.io]"), "name=app tag=1"),
        (with_global("{repository: app, tag: 1}") + "\nkind: Shop", "name=app tag=1"),
        ("x: {global: {imageRegistry: ghcr.io}}\nshop: {image: {repository: app, tag: 1}}", "name=app tag=1"),
        ("global: ghcr.io\nshop: {image: {repository: app, tag: 1}}", "name=app tag=1"),
    ],
)
def test_the_registry_of_all_images_stands_before_one_that_names_none(text, place):
    assert found(text) == [f"shop.image {place}"]


def test_several_images_share_the_registry_of_all():
    shops = "a: &a {image: {repository: a, tag: 1}}\nb: {image: {repository: b, tag: 1}}\nc: *a"
    text = f"global: {{imageRegistry: ghcr.io}}\n{shops}"
    assert found(text) == ["a.image registry=ghcr.io name=a tag=1", "b.image registry=ghcr.io name=b tag=1"]


PINNED = (
    f"genericDigest: '{DIGEST}', useDigest: true",
    f"imageDigest: '{DIGEST}'",
    f"hash: '{DIGEST}'",
    f"suffix: '@{DIGEST}'",
    f"digests: {{amd64: '{DIGEST}', arm64: ''}}",
    f"digests: ['{DIGEST}']",
    f"digest: '', hash: '{DIGEST}'",
    f"digest: '{DIGEST}', hash: '{DIGEST}'",
)


@pytest.mark.parametrize("beside", PINNED)
@pytest.mark.parametrize(
    "image", ["image: {repository: app, tag: v1, %s}", "x: {registry: quay.io, repository: a, tag: v1, %s}"]
)
def test_a_digest_that_is_no_part_of_the_image_is_an_obstacle(image, beside):
    (place,) = findings(image % beside)
    assert place.obstacle.reason == SkipReason.PINNED_TO_DIGEST


@pytest.mark.parametrize(
    "beside",
    [
        f"digest: '{DIGEST}'",
        "hash: 1a2b",
        "hash: 'sha256:1a2b'",
        f"about: 'app@{DIGEST}'",
        f"more: {{deeper: {{still: '{DIGEST}'}}}}",
        f"init: {{name: init, digest: '{DIGEST}'}}",
    ],
)
def test_anything_else_beside_an_image_is_none(beside):
    place = findings(f"image: {{repository: app, tag: v1, {beside}}}")[0]
    assert place.obstacle is None


@pytest.mark.parametrize("key", ["hash", "imageHash", "imageChecksum"])
def test_a_digest_beside_a_name_and_its_tag_is_an_obstacle(key):
    (place,) = findings(f"image: app\ntag: v1\n{key}: {DIGEST}")
    assert place.obstacle.reason == SkipReason.PINNED_TO_DIGEST


@pytest.mark.parametrize(
    ("text", "obstacle"),
    [
        ("image: {repository: app, tag: v1, sha: abc}", SkipReason.PINNED_TO_DIGEST),
        ("image: {repository: app, tag: v1, sha256: abc}", SkipReason.PINNED_TO_DIGEST),
        ("image: app\nimageTag: v1\nimageSha256: abc", SkipReason.PINNED_TO_DIGEST),
        (f"image: {{repository: app@sha256, tag: {'a' * 64}}}", SkipReason.PINNED_TO_DIGEST),
        ("image: {repository: app, tag: v1, sha: ''}", None),
        ("image: {repository: app, tag: v1, sha: }", None),
    ],
)
def test_a_checksum_that_is_no_digest_is_an_obstacle(text, obstacle):
    (place,) = findings(text)
    assert (place.obstacle and place.obstacle.reason) == obstacle


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("image: app:1\nimage: app:2", [(2, "'image'")]),
        ("image: {repository: app, tag: 1, tag: 2}", [(1, "'tag'")]),
        ("web: {image: app:1}\nweb: {image: app:2}", [(2, "'web'")]),
        ("web: {image: app:1}\nweb: 1", [(2, "'web'")]),
        ("web: {api: {image: app:1, image: app:2}}\nweb: 1", [(2, "'web'")]),
        ("images: [app:1]\nimages: [app:1]", [(2, "'images'")]),
        ("replicas: 1\nreplicas: 2\nimage: app:1", []),
        ("web: {port: 1}\nweb: {port: 2}", []),
    ],
)
def test_a_key_that_stands_twice_is_noted_if_images_are_below_it(text, notes):
    message = "the key {} stands twice in one mapping"
    assert noted(text) == [(line, SkipReason.DUPLICATE_KEY, message.format(key)) for line, key in notes]


def test_nothing_is_found_through_a_key_that_stands_twice():
    text = "web: {image: app:1, image: app:1}\napi: {image: api:1}\njob: {image: job:1}\njob: {image: job:1}"
    assert found(text) == ["api.image whole=api:1"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("image: {{ .Values.image }}", SkipReason.TEMPLATE),
        ("image: {repository: app, tag: {{ .Values.tag }}}", SkipReason.TEMPLATE),
        ("containers: [{name: web, image: {{ .Values.image }}}]", SkipReason.TEMPLATE),
        ("containers: [{name: web, image: [app]}]", SkipReason.NOT_A_TEXT),
    ],
)
def test_what_stands_in_the_place_of_a_text_is_noted(text, reason):
    assert [note[1] for note in noted(text)] == [reason]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: &image app:1\nimage: *image", ["image whole=app:1"]),
        ("a: &web {image: app:1}\nb: *web", ["a.image whole=app:1"]),
        ("a: &app {repository: app, tag: 1}\nimage: *app", ["image name=app tag=1"]),
        ("image: &app {repository: app, tag: 1}\nwebImage: *app", ["image name=app tag=1"]),
        ("a: &web {image: app:1}\nb: {<<: *web, port: 1}", ["a.image whole=app:1"]),
        (
            "image: &app {repository: app, tag: 1}\nwebImage: {<<: *app, tag: 2}",
            ["image name=app tag=1", "webImage name=app tag=2"],
        ),
        (
            "a: {image: &image app:1}\nb: {image: *image}\nc: {image: *image}",
            ["a.image whole=app:1", "b.image whole=app:1", "c.image whole=app:1"],
        ),
        ("v: &tag 1\na: {image: {name: a, tag: *tag}}", ["a.image name=a tag=1"]),
    ],
)
def test_aliases_and_merge_keys_are_followed_once(text, places):
    assert found(text) == places


def test_an_alias_in_the_place_of_a_text_stays_an_alias():
    (place,) = findings("a: &image app:1\nimage: *image")
    (piece,) = place.pieces
    assert (piece.part, type(piece.node).__name__) == (Part.WHOLE, "Alias")


@pytest.mark.parametrize("text", ["app:1", "[app:1]", "~", "[[[]]]", "? {a: 1}\n: {image: app}", "? [image]\n: app:1"])
def test_a_tree_without_images_has_none(text):
    assert findings(text) == []


def test_lists_are_walked_at_any_depth():
    assert found("[{a: [[{image: app:1}]]}]") == ["[0].a[0][0].image whole=app:1"]


def test_odd_keys_are_quoted_in_the_way():
    assert found('"my app": {image: app:1}') == ['["my app"].image whole=app:1']


def test_a_way_longer_than_anybody_writes_is_cut():
    depth = 95
    text = "".join(f"{' ' * level}{'k' * 150}:\n" for level in range(depth)) + " " * depth + "image: app:1"
    (place,) = findings(text)
    assert len(place.field) < 1_100
    assert place.field.endswith("kkk.image")


def test_aliases_of_aliases_do_not_unfold():
    lines = ["a0: &a0 {image: app:1}"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 6)]
    assert found("\n".join(lines)) == ["a0.image whole=app:1"]


def test_merge_keys_of_merge_keys_do_not_unfold():
    lines = ["a0: &a0 {image: app:1}"]
    lines += [f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 9)}]}}" for level in range(1, 6)]
    assert found("\n".join(lines)) == ["a0.image whole=app:1"]


KEYS = st.sampled_from(
    (
        *("image", "images", "webImage", "tag", "webTag", "repository", "registry", "name", "digest", "version", "sha"),
        *("containers", "script", "volumes", "reference", "tags", "imageName", "pullPolicy", "web", "metadata", "spec"),
        *("org", "host", "hub", "hash", "defaultRepository", "defaultTag", "imageK8S"),
    )
)
TEXTS = st.sampled_from(
    ["app:1", "app", "", "1.0", f"app@{DIGEST}", DIGEST, "https://example.com/a.png", "{{ .x }}", "~"]
)
TREES = st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6))


def at(tree, field: str):
    """Follow a field through a tree of plain values."""
    for step in re.findall(r"[^.[\]]+", field):
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    return tree


@given(tree=TREES)
def test_what_is_found_stands_where_it_is_said_to(tree):
    for place in findings(json.dumps(tree)):
        if isinstance(place, Note):
            continue
        value = at(tree, place.field)
        parts = {piece.part: text_of(piece.node) for piece in place.pieces}
        if Part.WHOLE in parts:
            assert parts == {Part.WHOLE: value}
        else:
            texts = value.values() if isinstance(value, dict) else [value]
            assert all(name in texts for name in parts[Part.NAME].split("/"))


@given(tree=TREES)
def test_what_is_found_does_not_depend_on_the_depth_it_stands_at(tree):
    deeper = found(json.dumps({"shop": {"part": tree}}))
    assert deeper == found(json.dumps(tree), "shop.part")
