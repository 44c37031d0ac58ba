"""Whoever waits is told what is being done; whoever does not is told nothing."""

from threading import Event

from bot.explaining.progress import Progress


def test_what_is_being_done_is_told_to_whoever_waits() -> None:
    said: list[str] = []
    heard = Event()

    def write(line: str) -> None:
        said.append(line)
        heard.set()

    progress = Progress(write, patience=0)
    progress.doing("listing the tags of ghcr.io/o/app")
    with progress:
        assert heard.wait(30)
    assert said[0] == "listing the tags of ghcr.io/o/app ..."


def test_quick_work_is_not_told() -> None:
    said: list[str] = []
    with Progress(said.append, patience=60) as progress:
        progress.doing("listing the tags of ghcr.io/o/app")
    assert said == []
