"""What a token opens, and which tokens open more."""

from __future__ import annotations

import pytest

from bot.github.scopes import Access, Scope

_RANK = {"read": 1, "write": 2}


def opens(scope: Scope, permission: str) -> int:
    return _RANK.get(Access(7, 42, scope).permissions.get(permission, ""), 0)


def test_one_token_does_a_whole_review_and_no_more():
    permissions = {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"}
    assert dict(Access(7, 42, Scope.REVIEW).permissions) == permissions


@pytest.mark.parametrize("scope", Scope)
def test_a_wider_access_opens_all_that_the_narrower_does_and_nothing_of_another_repository(scope):
    narrow, *wider = Access(7, 42, scope).wider()
    assert narrow.scope is scope
    for access in wider:
        assert (access.installation, access.repository) == (7, 42)
        assert all(opens(access.scope, name) >= opens(scope, name) for name in narrow.permissions)


@pytest.mark.parametrize("scope", [Scope.LIST, Scope.READ, Scope.CHECK])
def test_the_token_of_a_review_serves_for_reading_and_for_checks(scope):
    assert Scope.REVIEW in {access.scope for access in Access(7, 42, scope).wider()}


@pytest.mark.parametrize("scope", Scope)
def test_a_token_that_may_write_workflows_serves_for_nothing_else(scope):
    others = {access.scope for access in Access(7, 42, scope).wider()} - {scope}
    assert Scope.WORKFLOWS not in others
