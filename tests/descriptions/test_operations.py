"""Every REST operation the sandbox offers is one of GitHub's, under GitHub's own name."""

import bot.sandbox.rest  # noqa: F401 - importing it registers the operations
from bot.sandbox.rest.routing import OPERATIONS
from tests.descriptions.loaded import openapi_description

# GitHub answers /repositories/{id}, the form its redirects use, although the description leaves it out.
UNDESCRIBED = {"/repositories/{repository_id}"}


def described(operation):
    return (
        openapi_description()["paths"].get(operation.template, {}).get(operation.method.lower(), {}).get("operationId")
    )


def test_the_operations_are_githubs():
    ours = {
        (known.identifier, known.method, known.template) for known in OPERATIONS if known.template not in UNDESCRIBED
    }
    theirs = {(described(known), known.method, known.template) for known in OPERATIONS}
    assert ours - theirs == set()


def test_no_operation_is_there_twice():
    places = [(known.method, known.template) for known in OPERATIONS]
    assert len(places) == len(set(places))
    assert len(places) > 20
