"""An image stands in more than workloads: everything that names it moves in one pull request."""

import pytest

from bot.flows.indexed import UNKEPT
from bot.jobs.work import IndexRepository, kind
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


@pytest.mark.parametrize(
    "marker",
    [
        '{"$imagepolicy": "%s:tag"}' % ("x" * 3000),
        '{"$imagepolicy": "%s:tag"}' % ("\N{WHALE}" * 250),
        '{"$imagepolicy": "%s"}' % ("\N{WHALE}" * 250),
        '{"$imagepolicy": "\\ud800:tag"}',
    ],
    ids=["long", "long in bytes", "long without a part", "no text"],
)
async def test_a_hostile_marker_keeps_nothing_from_being_indexed(house: House, marker: str) -> None:
    await house.commit({"deploy/odd.yaml": f"kind: ConfigMap\ndata:\n  VERSION: 1.0.0 # {marker}\n".encode()})
    assert set(await house.parts.store.index.known(house.github.repository(house.repository).id)) == {
        "deploy/api.yaml",
        "deploy/odd.yaml",
    }
    assert await house.parts.store.due.keys(kind(IndexRepository)) == set()
    await house.publish("1.5.0")
    assert (len(house.pulls()), await house.dead()) == (1, [])


LONG_DOCKERFILE = "FROM {image}\n" + "COPY --from={image} / /\n" * 2999
LONG_LIST = "kind: Pod\nspec:\n  containers:\n" + "    - image: nginx:1.25\n" * 3000


@pytest.mark.parametrize(
    ("path", "text"),
    [("Dockerfile", LONG_DOCKERFILE), ("env.yaml", LONG_LIST + "  version: {tag} # {marker}\n")],
    ids=["image", "marker"],
)
async def test_of_a_file_in_which_too_much_is_found_little_is_kept_and_it_moves_all_the_same(
    house: House, path: str, text: str
) -> None:
    def at(tag: str) -> bytes:
        return text.format(image=f"{house.image()}:{tag}", marker=MARKER % ":tag", tag=tag).encode()

    await house.commit({path: at("1.4.2")}, removed=["deploy/api.yaml"])
    (file,) = await house.parts.store.index.files(house.github.repository(house.repository).id)
    assert file.occurrences == UNKEPT
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert await house.github.read(house.repository, path, pull.head_oid) == at("1.5.0")


async def test_a_digest_that_moves_is_seen_also_in_a_file_in_which_too_much_is_found(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    dockerfile = LONG_DOCKERFILE.format(image=f"{house.image()}:1.4.2").encode()
    policy = house.policy(rule="strategy: digest\n    track: 1.4.2")
    await house.github.add_repository(house.repository, {".niro/policies.yml": policy, "Dockerfile": dockerfile})
    await house.work()
    digest = await house.publish("1.4.2", content="again")
    (pull,) = house.open_pulls()
    after = await house.github.read(house.repository, "Dockerfile", pull.head_oid)
    assert after is not None
    assert after.count(digest.encode()) == 3000


async def test_a_workflow_is_read_and_left_as_it_is(house: House) -> None:
    workflow = f"jobs:\n  test:\n    container: {house.image()}:1.4.2\n".encode()
    await house.commit({".github/workflows/ci.yaml": workflow})
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert await house.github.read(house.repository, ".github/workflows/ci.yaml", pull.head_oid) == workflow
