"""However much a pull request holds, what is worked out about it does not hold up the doors."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.flows.house import House
from tests.flows.reviewing import pull_request, threads, workload

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: account{}}}\n"
UNREQUESTED = (
    workload()
    .replace(b"            requests: {cpu: 100m, memory: 128Mi}\n", b"")
    .replace(b"limits: {cpu: 200m, memory: 256Mi}", b"limits: {cpu: 200m}")
)


class Telling(ThreadPoolExecutor):
    """Works as another process would, and tells what it was asked for."""

    def __init__(self) -> None:
        super().__init__(1)
        self.asked: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.asked.append(fn.__name__)
        return super().submit(fn, *args, **kwargs)


async def test_findings_and_suggestions_are_worked_out_elsewhere_and_each_at_once(house: House) -> None:
    accounts = "".join(ACCOUNT.format(number) for number in range(2_000)).encode()
    files = {f"accounts/{number}.yaml": accounts for number in range(3)}
    files |= {f"deploy/{number}.yaml": UNREQUESTED.replace(b"web", b"web%d" % number) for number in range(10)}
    with Telling() as executor:
        house.parts = replace(house.parts, executor=executor)
        pull = await pull_request(house, files)
    assert any("```suggestion" in thread.comments[0].body for thread in threads(house, pull))
    assert executor.asked == ["reported_with_tags", "suggestions"]


async def test_a_file_that_makes_much_work_is_judged_elsewhere_although_it_is_small(house: House) -> None:
    pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{}}}\nspec: {{containers: [{{name: a, image: x}}]}}\n"
    with Telling() as executor:
        house.parts = replace(house.parts, executor=executor)
        await pull_request(house, {"pods.yaml": "".join(pod.format(number) for number in range(100)).encode()})
    assert "reported_with_tags" in executor.asked
