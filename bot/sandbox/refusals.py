"""Why GitHub says no: typed refusals which REST and GraphQL each render in their own shape."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENTATION = "https://docs.github.com/rest"
LONGEST_BODY = 65_536  # characters


@dataclass(frozen=True, slots=True)
class FieldError:
    """One entry of a validation refusal, as REST shows it; ``code`` is one of GitHub's, for example ``custom``."""

    resource: str
    code: str
    field: str | None = None
    message: str | None = None


class Refusal(Exception):
    """The request is understood and not done. ``kind`` is the GraphQL error type."""

    status = 400
    kind = "UNPROCESSABLE"

    def __init__(self, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers or {}

    @property
    def sentence(self) -> str:
        """The reason in words, as GraphQL shows it."""
        return self.message


class BadRequest(Refusal):
    """The body is not what the operation takes."""


class Unauthorized(Refusal):
    """No valid credential."""

    status = 401
    kind = "FORBIDDEN"


class Forbidden(Refusal):
    """The credential may not do this."""

    status = 403
    kind = "FORBIDDEN"

    def __init__(
        self, message: str = "Resource not accessible by integration", *, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message, headers=headers)


class RateLimited(Forbidden):
    """Too many requests; the headers say until when."""

    kind = "RATE_LIMITED"


class Archived(Forbidden):
    """The repository is only for reading; GraphQL says so without a full stop, and as another kind."""

    kind = "UNPROCESSABLE"

    def __init__(self) -> None:
        super().__init__("Repository was archived so is read-only.")

    @property
    def sentence(self) -> str:
        """The reason in words, as GraphQL shows it."""
        return self.message.removesuffix(".")


class NotAuthorized(Forbidden):
    """Only chosen people and Apps may push to the branch."""

    kind = "BRANCH_PROTECTION_RULE_VIOLATION"

    def __init__(self) -> None:
        where = "https://docs.github.com/articles/about-protected-branches"
        super().__init__(f"You're not authorized to push to this branch. Visit {where} for more information.")


class NotFound(Refusal):
    """There is no such thing, or the credential may not know of it."""

    status = 404
    kind = "NOT_FOUND"

    def __init__(self, message: str = "Not Found") -> None:
        super().__init__(message)


class MethodNotAllowed(Refusal):
    """The pull request may not be merged now."""

    status = 405


class Conflict(Refusal):
    """What was expected has changed meanwhile."""

    status = 409


class StaleData(Conflict):
    """The branch is not where the caller expected it; GraphQL calls it STALE_DATA."""

    kind = "STALE_DATA"


class Gone(Refusal):
    """The thing is switched off for good."""

    status = 410


class Validation(Refusal):
    """The values do not make sense together."""

    status = 422

    def __init__(
        self, message: str = "Validation Failed", errors: tuple[FieldError, ...] = (), *, said: str | None = None
    ) -> None:
        super().__init__(message)
        self.errors = errors
        self._said = said  # how GraphQL words it, where REST only names the field

    @property
    def sentence(self) -> str:
        """The first reason in words, as GraphQL shows it."""
        return self._said or next((error.message for error in self.errors if error.message), self.message)


def check_body(resource: str, body: str | None) -> None:
    """Refuse the text of an issue, a pull request or a comment that is too long; raises Validation."""
    if body is not None and len(body) > LONGEST_BODY:
        message = f"body is too long (maximum is {LONGEST_BODY} characters)"
        raise Validation(errors=(FieldError(resource, "custom", "body", message),))


class Protected(Validation):
    """The classic protection of a branch forbids it. Rulesets refuse with a plain Validation."""

    kind = "BRANCH_PROTECTION_RULE_VIOLATION"
