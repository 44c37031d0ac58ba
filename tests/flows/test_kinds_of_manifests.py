"""An image stands in more than workloads: everything that names it moves in one pull request."""

import pytest

from tests.flows.house import House

MARKER = '{"$imagepolicy": "api%s"}'


def files(house: House, tag: str) -> dict[str, bytes]:
    """Write one file of each kind; {tag} is the only thing in them that moves."""
    name, host = house.image(), house.image().partition("/")[0]
    repository = name.partition("/")[2]
    texts = {
        "deploy/kustomization.yaml": f"images:\n  - name: api\n    newName: {name}\n    newTag: {tag} # kept\n",
        "charts/values.yaml": f"api:\n  image: {{registry: '{host}', repository: {repository}, tag: \"{tag}\"}}\n",
        "compose.yaml": f"services:\n    api:\n        image: {name}:{tag}\n",
        "Dockerfile": f"ARG VERSION={tag}\nFROM {name}:${{VERSION}} AS build\nFROM scratch\nCOPY --from=build / /\n",
        "deploy/pod.json": f'{{"kind": "Pod", "spec": {{"containers": [{{"image": "{name}:{tag}"}}]}}}}\n',
        "deploy/env.yaml": f"kind: ConfigMap\ndata:\n  VERSION: {tag} # {MARKER % ':tag'}\n",
        "deploy/script.yaml": (
            f"kind: ConfigMap\ndata:\n  run.sh: |\n    APP_VERSION={tag} # {MARKER % ':tag'}\n    echo {tag}\n"
        ).replace(f"echo {tag}", "echo 1.4.2"),
    }
    return {path: text.encode() for path, text in texts.items()}


async def test_every_file_that_names_the_image_or_is_marked_for_its_policy_moves(house: House) -> None:
    await house.commit(files(house, "1.4.2"))
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert pull.title == f"Bump {house.image()} from 1.4.2 to 1.5.0"
    for path, expected in files(house, "1.5.0").items():
        assert await house.github.read(house.repository, path, pull.head_oid) == expected, path


async def test_a_value_that_only_its_marker_tells_of_is_enough_for_a_pull_request(house: House) -> None:
    marked = files(house, "1.4.2")["deploy/env.yaml"]
    await house.commit({"deploy/env.yaml": marked}, removed=["deploy/api.yaml"])
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    after = await house.github.read(house.repository, "deploy/env.yaml", pull.head_oid)
    assert after == files(house, "1.5.0")["deploy/env.yaml"]


async def test_a_marked_value_that_comes_later_is_moved_to_what_is_known_already(house: House) -> None:
    await house.publish("1.5.0")
    await house.commit({"deploy/env.yaml": files(house, "1.4.2")["deploy/env.yaml"]})
    await house.work()
    (pull,) = house.pulls()
    after = await house.github.read(house.repository, "deploy/env.yaml", pull.head_oid)
    assert after == files(house, "1.5.0")["deploy/env.yaml"]


@pytest.mark.parametrize("marker", ['{"$imagepolicy": "%s:tag"}' % ("x" * 3000), '{"$imagepolicy": "\\ud800:tag"}'])
async def test_a_hostile_marker_keeps_nothing_else_from_being_indexed(house: House, marker: str) -> None:
    await house.commit({"deploy/odd.yaml": f"kind: ConfigMap\ndata:\n  VERSION: 1.0.0 # {marker}\n".encode()})
    await house.publish("1.5.0")
    assert (len(house.pulls()), await house.dead()) == (1, [])


async def test_a_workflow_is_read_and_left_as_it_is(house: House) -> None:
    workflow = f"jobs:\n  test:\n    container: {house.image()}:1.4.2\n".encode()
    await house.commit({".github/workflows/ci.yaml": workflow})
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert await house.github.read(house.repository, ".github/workflows/ci.yaml", pull.head_oid) == workflow
