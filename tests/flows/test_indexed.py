"""What a file's occurrences use, as the index keeps it."""

import pytest

from bot.flows.indexed import indexed_file, used_by
from bot.manifests import find_images


@pytest.mark.parametrize(
    ("marker", "uses"),
    [
        ("app", {"/app"}),
        ("app:tag", {"/app:tag", "/app"}),
        ("x:tag:tag", {"/x:tag:tag", "/x:tag"}),
        ("x" * 255, {f"/{'x' * 255}"}),
        ("x" * 256, set()),
        ("\N{WHALE}" * 64, set()),
        (f"{'x' * 255}:tag", {f"/{'x' * 255}"}),
    ],
)
def test_a_marked_value_uses_every_policy_that_its_marker_may_name(marker: str, uses: set[str]) -> None:
    content = f'V: 1.0.0 # {{"$imagepolicy": "{marker}"}}\n'.encode()
    marked = {f"*/{marker}"} if len(marker.encode()) <= 255 else set()
    assert used_by(find_images("a.yaml", content)) == uses | marked


def test_the_size_of_a_row_is_counted_in_bytes() -> None:
    line = '- {{name: "{}", image: "nginx:1.25"}}\n'.format("\N{WHALE}" * 200)
    (one,) = find_images("a.yaml", f"containers:\n{line}".encode())
    many = [one] * (1024 * 1024 // 700)
    assert indexed_file("a.yaml", "b1", many).occurrences == "null"


@pytest.mark.parametrize("path", ["a.yaml", "Dockerfile"])
def test_the_row_of_a_file_stays_small(path: str) -> None:
    line = "FROM nginx:1.25 AS {name}\n" if path == "Dockerfile" else "- {{name: {name}, image: 'nginx:1.25'}}\n"
    content = line.format(name="s" * 100_000) + line.format(name="t") * 4_000
    row = indexed_file(path, "b1", find_images(path, content.encode()))
    assert len(row.occurrences) < 1024 * 1024
    assert [use.repository for use in row.images] == ["library/nginx"]
