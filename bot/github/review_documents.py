"""The GraphQL documents of a review: what it is about, the files on both sides, and the review itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.github.document_pieces import FILE, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

_THREADS: Final = """fragment Threads on PullRequest {
  reviewThreads(last: 100, before: $before) {
    pageInfo { hasPreviousPage startCursor }
    nodes {
      id isResolved isOutdated path subjectType
      first: comments(first: 1) { nodes { id databaseId state body author { __typename login } } }
      all: comments(first: 5) { totalCount nodes { author { __typename login } } }
    }
  }
}
"""

REVIEW_FACTS: Final = f"""query ReviewFacts(
  $owner: String!, $name: String!, $number: Int!, $policy: String!, $before: String
) {{
  {REPOSITORY}
    default: defaultBranchRef {{ name }}
    pullRequest(number: $number) {{
      number id state url isDraft isCrossRepository headRefName headRefOid baseRefName
      author {{ __typename login }}
      baseRef {{ target {{ ... on Commit {{ oid policy: file(path: $policy) {FILE} }} }} }}
      reviews(first: 10, states: [PENDING]) {{ nodes {{ id author {{ __typename login }} }} }}
      ...Threads
    }}
  }}
}}
{_THREADS}"""

MORE_THREADS: Final = f"""query MoreThreads($owner: String!, $name: String!, $number: Int!, $before: String) {{
  {REPOSITORY} pullRequest(number: $number) {{ ...Threads }} }}
}}
{_THREADS}"""

DELETE_REVIEW: Final = """mutation DeleteReview($review: DeletePullRequestReviewInput!) {
  deleted: deletePullRequestReview(input: $review) { clientMutationId }
}
"""


def files_at_commits(commits: Sequence[Sequence[int]]) -> str:
    """Write the query for files of several commits: for each, which of the paths.

    Variables $c0, $c1, ... are the commits' ids, $p0, $p1, ... the paths; the answer has f<path> below c<commit>.
    """
    paths = sorted({path for wanted in commits for path in wanted})
    variables = "".join(f", $c{index}: GitObjectID!" for index in range(len(commits)))
    variables += "".join(f", $p{path}: String!" for path in paths)
    objects = "\n    ".join(_commit(index, wanted) for index, wanted in enumerate(commits))
    return f"""query FilesAtCommits($owner: String!, $name: String!{variables}) {{
  {REPOSITORY}
    {objects}
  }}
}}
fragment Entry on TreeEntry {FILE}
"""


def _commit(index: int, wanted: Sequence[int]) -> str:
    files = " ".join(f"f{path}: file(path: $p{path}) {{ ...Entry }}" for path in wanted)
    return f"c{index}: object(oid: $c{index}) {{ ... on Commit {{ oid {files} }} }}"


def review(resolved: int, comments: int, *, pending: bool, reopened: int = 0, edited: int = 0) -> str:
    """Write the mutations of a review, in their order: an unfinished one goes, threads close and open, then the review.

    Variables: $pending, $r0, $r1, ... for the threads that close, $u0, $u1, ... for those that open again, $e0, $e1,
    ... for comments that say something else, and where there are new comments $review, $c0, $c1, ... and $submit.
    """
    variables, steps = [], []
    if pending:
        variables.append("$pending: DeletePullRequestReviewInput!")
        steps.append("pending: deletePullRequestReview(input: $pending) { clientMutationId }")
    for index in range(resolved):
        variables.append(f"$r{index}: ResolveReviewThreadInput!")
        steps.append(f"r{index}: resolveReviewThread(input: $r{index}) {{ thread {{ id }} }}")
    for index in range(reopened):
        variables.append(f"$u{index}: UnresolveReviewThreadInput!")
        steps.append(f"u{index}: unresolveReviewThread(input: $u{index}) {{ thread {{ id }} }}")
    for index in range(edited):
        variables.append(f"$e{index}: UpdatePullRequestReviewCommentInput!")
        steps.append(f"e{index}: updatePullRequestReviewComment(input: $e{index}) {{ clientMutationId }}")
    if comments:
        variables.append("$review: AddPullRequestReviewInput!")
        steps.append("review: addPullRequestReview(input: $review) { pullRequestReview { id } }")
    for index in range(comments):
        variables.append(f"$c{index}: AddPullRequestReviewThreadInput!")
        steps.append(f"c{index}: addPullRequestReviewThread(input: $c{index}) {{ thread {{ ...Added }} }}")
    if comments:
        variables.append("$submit: SubmitPullRequestReviewInput!")
        steps.append("submit: submitPullRequestReview(input: $submit) { pullRequestReview { id } }")
    head, body = ", ".join(variables), "\n  ".join(steps)
    return f"mutation Review({head}) {{\n  {body}\n}}\n" + (_ADDED if comments else "")


_ADDED: Final = """fragment Added on PullRequestReviewThread {
  id line comments(first: 1) { nodes { databaseId } }
}
"""


def review_documents() -> dict[str, str]:
    """Render every document of a review as it is sent, by name; those that grow with their input in several sizes."""
    return {
        "review_facts": REVIEW_FACTS,
        "more_threads": MORE_THREADS,
        "delete_review": DELETE_REVIEW,
        "files_at_commits_1": files_at_commits([[0]]),
        "files_at_commits_2": files_at_commits([[0, 1], [1, 2]]),
        "review_10": review(2, 10, pending=True),
        "review_resolving": review(1, 0, pending=False),
        "review_reopening": review(0, 0, pending=False, reopened=2),
        "review_rewriting": review(0, 0, pending=False, edited=2),
        "review_commenting": review(0, 1, pending=False),
    }
