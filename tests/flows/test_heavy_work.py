"""What would hold up the doors is done elsewhere: long lists of tags, long policy files."""

from concurrent.futures import Executor, Future
from dataclasses import replace

from bot.flows.deciding import decided_shortly
from bot.flows.parts import LARGE
from bot.images import Tag
from bot.jobs.work import BumpRepository
from bot.manifests import find_images
from bot.policies import load
from bot.process_pool import ProcessPool
from tests.flows.house import House


class Counted(Executor):
    """Does the work at once, and counts what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def submit(self, function, /, *args, **kwargs):
        self.given.append(function.__name__)
        done: Future[object] = Future()
        done.set_result(function(*args, **kwargs))
        return done


def counting(house: House) -> list[str]:
    """Tell the names of the functions that are called elsewhere from now on."""
    counted = Counted()
    object.__setattr__(house.parts, "executor", counted)
    return counted.given


async def test_few_tags_and_a_short_policy_file_are_read_on_the_spot(house: House) -> None:
    given = counting(house)
    await house.publish("1.5.0")
    assert given == []


async def test_a_choice_among_thousands_of_tags_is_made_elsewhere(house: House) -> None:
    given, repository = counting(house), house.github.repository(house.repository)
    names = ["1.4.2", *(f"0.{number}.0" for number in range(5000))]
    await house.parts.store.ledger.record(house.registry.host, f"{house.owner}/api", names, house.clock())
    await house.parts.ask(BumpRepository(house.github.installation(house.owner).id, repository.id, "api"))
    await house.work()
    assert "decided_shortly" in given


async def test_a_long_policy_file_is_read_elsewhere(house: House) -> None:
    given = counting(house)
    long = house.policy() + b"# " + b"x" * 20_000 + b"\n"
    await house.github.commit(house.repository, "main", {".niro/policies.yml": long})
    await house.work()
    assert "load" in given


async def test_what_is_decided_elsewhere_comes_back_whole(house: House) -> None:
    policy_file = load(house.policy().decode())
    occurrences = find_images("deploy/api.yaml", house.deployment())
    tags = {house.image(): [Tag("1.4.2", platforms=frozenset()), Tag("1.5.0", platforms=frozenset()), Tag("latest")]}
    question = (policy_file, occurrences, tags, (), house.clock(), {}, frozenset({"api"}))
    with ProcessPool() as pool:
        parts = replace(house.parts, executor=pool)
        decisions = await parts.compute(LARGE, decided_shortly, *question)
    assert decisions == decided_shortly(*question)
