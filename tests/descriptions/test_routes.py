"""Request paths are found in GitHub's description, whatever slashes their values hold."""

import pytest

from tests.descriptions.loaded import openapi_description
from tests.descriptions.routes import Route, Routes

ROUTES = Routes(openapi_description()["paths"])


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/repos/o/r", Route("/repos/{owner}/{repo}", "/repos/o/r")),
        (
            "GET",
            "/repos/o/r/contents/apps/web/deployment.yml",
            Route("/repos/{owner}/{repo}/contents/{path}", "/repos/o/r/contents/apps%2Fweb%2Fdeployment.yml"),
        ),
        (
            "GET",
            "/repos/o/r/git/ref/heads/niro/nginx",
            Route("/repos/{owner}/{repo}/git/ref/{ref}", "/repos/o/r/git/ref/heads%2Fniro%2Fnginx"),
        ),
        (
            "GET",
            "/repos/o/r/branches/niro/nginx/protection",
            Route("/repos/{owner}/{repo}/branches/{branch}/protection", "/repos/o/r/branches/niro%2Fnginx/protection"),
        ),
        (
            "GET",
            "/repos/o/r/branches/protection",
            Route("/repos/{owner}/{repo}/branches/{branch}", "/repos/o/r/branches/protection"),
        ),
        (
            "GET",
            "/repos/o/r/commits/main/check-runs",
            Route("/repos/{owner}/{repo}/commits/{ref}/check-runs", "/repos/o/r/commits/main/check-runs"),
        ),
        ("GET", "/app/installations/7", Route("/app/installations/{installation_id}", "/app/installations/7")),
        ("GET", "/repos/o/r/invented", None),
        ("DELETE", "/repos/o/r/git/trees", None),
    ],
)
def test_a_path_is_the_operation_github_would_take_it_for(method, path, route):
    assert ROUTES.find(method, path) == route
