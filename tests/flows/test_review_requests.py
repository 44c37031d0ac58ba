"""What a review costs: few requests, however much a pull request changes."""

from __future__ import annotations

from tests.flows.house import House
from tests.flows.reviewing import API, check, pull_request, push, threads, workload

MOST = 6


async def test_three_hundred_files_with_two_hundred_findings_cost_six_requests_and_the_annotations(
    house: House,
) -> None:
    files = {
        f"many/{number:03}.yaml": workload("nginx:latest" if number < 200 else "nginx:1.27.1", name=f"w{number}")
        for number in range(299)
    }
    await pull_request(house, {"warm.yaml": workload(name="warm")}, branch="warm")
    counted = house.counted()
    pull = await pull_request(house, files)
    run = check(house, pull.head_oid)
    assert (len(run.annotations), len(threads(house, pull))) == (200, 10)
    made = [name for name in counted.names if name != "git"]
    assert len(made) <= MOST + len(run.annotations) // 50


async def test_a_small_change_that_is_well_costs_four_requests(house: House) -> None:
    await pull_request(house, {"warm.yaml": workload(name="warm")}, branch="warm")
    counted = house.counted()
    await pull_request(house, {API: workload()})
    assert counted.names == ["ReviewFacts", "repos/compare-commits-with-basehead", "FilesAtCommits", "checks/create"]


async def test_the_same_once_more_costs_three(house: House) -> None:
    pull = await pull_request(house, {API: workload()})
    await push(house, {"a.md": b"a\n"})
    counted = house.counted()
    await house.github.retarget(house.repository, pull.number, "main")
    await house.work()
    assert len(counted.names) <= 3


async def test_a_repository_without_policies_costs_two(house: House) -> None:
    await house.commit({}, removed=[".niro/policies.yml"])
    await pull_request(house, {"a.md": b"a\n"}, branch="warm")
    counted = house.counted()
    await pull_request(house, {API: workload("nginx:latest")})
    assert counted.names == ["ReviewFacts", "FilesAtCommits"]
