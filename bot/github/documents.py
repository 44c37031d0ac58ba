"""Every GraphQL document the bot sends. Hostile text never gets into one: it travels in variables."""

from __future__ import annotations

from typing import Final

from bot.github.document_pieces import FILE as _FILE
from bot.github.document_pieces import REPOSITORY as _REPOSITORY
from bot.github.review_documents import review_documents

_STANDING: Final = f"""fragment Standing on Ref {{
  name
  target {{ ... on Commit {{ oid tree {{ oid }} policy: file(path: $policy) {_FILE} }} }}
}}
"""

REPOSITORY_NODE: Final = f"""query RepositoryNode($owner: String!, $name: String!) {{
  {_REPOSITORY} }}
}}
"""

HEAD: Final = f"""query Head($owner: String!, $name: String!, $policy: String!) {{
  {_REPOSITORY} head: defaultBranchRef {{ ...Standing }} }}
}}
{_STANDING}"""

HEAD_OF_BRANCH: Final = f"""query HeadOfBranch($owner: String!, $name: String!, $policy: String!, $branch: String!) {{
  {_REPOSITORY} head: ref(qualifiedName: $branch) {{ ...Standing }} }}
}}
{_STANDING}"""

_PULL_REQUEST: Final = """fragment Facts on PullRequest {
  number id state merged headRefOid baseRefName title body url isCrossRepository
  author { __typename login }
}
"""

_COMMITS: Final = """fragment Commits on PullRequest {
  newest: commits(last: 100) {
    totalCount
    nodes { commit { oid message author { name email user { login } } signature { isValid wasSignedByGitHub } } }
  }
}
"""

_OWN_COMMIT: Final = """fragment OwnCommit on Commit {
  oid message changedFilesIfAvailable
  tree { oid }
  author { name email user { login } }
  signature { isValid wasSignedByGitHub }
  parents(first: 2) { nodes { oid } }
}
"""


def _files(count: int) -> str:
    return " ".join(f"f{index}: file(path: $p{index}) {_FILE}" for index in range(count))


def _path_variables(count: int) -> str:
    return "".join(f", $p{index}: String!" for index in range(count))


def bump_facts(paths: int, *, default_base: bool) -> str:
    """Write the query for everything a bump needs. Variables $p0, $p1, ... are the paths of the files."""
    base = "defaultBranchRef" if default_base else "ref(qualifiedName: $base)"
    variable = "" if default_base else ", $base: String!"
    variables = f"$policy: String!, $branch: String!, $branchName: String!{variable}{_path_variables(paths)}"
    return f"""query BumpFacts($owner: String!, $name: String!, {variables}) {{
  {_REPOSITORY}
    default: defaultBranchRef {{ name target {{ ... on Commit {{ policy: file(path: $policy) {_FILE} }} }} }}
    base: {base} {{ name target {{ ... on Commit {{ oid tree {{ oid }} {_files(paths)} }} }} }}
    branch: ref(qualifiedName: $branch) {{
      target {{ ...OwnCommit }}
      associatedPullRequests(first: 10, states: [OPEN]) {{ nodes {{ ...Facts mergeable ...Commits }} }}
      ended: associatedPullRequests(
        first: 1, states: [CLOSED, MERGED], orderBy: {{field: CREATED_AT, direction: DESC}}
      ) {{ nodes {{ ...Facts ...Commits }} }}
    }}
    pullRequests(first: 20, headRefName: $branchName, orderBy: {{field: CREATED_AT, direction: DESC}}) {{
      nodes {{ ...Facts }}
    }}
  }}
}}
{_OWN_COMMIT}{_PULL_REQUEST}{_COMMITS}"""


def files_at_commit(paths: int) -> str:
    """Write the query for more files of one commit. Variables $p0, $p1, ... are their paths."""
    return f"""query Files($owner: String!, $name: String!, $commit: GitObjectID!{_path_variables(paths)}) {{
  {_REPOSITORY} commit: object(oid: $commit) {{ ... on Commit {{ oid {_files(paths)} }} }} }}
}}
"""


def blobs(count: int) -> str:
    """Write the query for several blobs. Variables $o0, $o1, ... are their object ids."""
    variables = "".join(f", $o{index}: GitObjectID!" for index in range(count))
    wanted = "{ oid ... on Blob { byteSize isBinary isTruncated text } }"
    objects = " ".join(f"b{index}: object(oid: $o{index}) {wanted}" for index in range(count))
    return f"""query Blobs($owner: String!, $name: String!{variables}) {{
  {_REPOSITORY} {objects} }}
}}
"""


_OPENED: Final = "{ pullRequest { id number url headRefOid } }"

OPEN_PULL_REQUEST: Final = f"""mutation OpenPullRequest(
  $branch: UpdateRefsInput!, $commit: CreateCommitOnBranchInput!, $pullRequest: CreatePullRequestInput!
) {{
  branch: updateRefs(input: $branch) {{ clientMutationId }}
  commit: createCommitOnBranch(input: $commit) {{ commit {{ oid }} }}
  pullRequest: createPullRequest(input: $pullRequest) {_OPENED}
}}
"""

CREATE_PULL_REQUEST: Final = f"""mutation CreatePullRequest($pullRequest: CreatePullRequestInput!) {{
  pullRequest: createPullRequest(input: $pullRequest) {_OPENED}
}}
"""

ADD_COMMIT: Final = f"""mutation AddCommit(
  $commit: CreateCommitOnBranchInput!, $pullRequest: UpdatePullRequestInput!
) {{
  commit: createCommitOnBranch(input: $commit) {{ commit {{ oid }} }}
  pullRequest: updatePullRequest(input: $pullRequest) {_OPENED}
}}
"""

OPEN_FROM_COMMIT: Final = f"""mutation OpenFromCommit(
  $branch: UpdateRefsInput!, $pullRequest: CreatePullRequestInput!
) {{
  branch: updateRefs(input: $branch) {{ clientMutationId }}
  pullRequest: createPullRequest(input: $pullRequest) {_OPENED}
}}
"""

COMMIT: Final = """mutation Commit($commit: CreateCommitOnBranchInput!) {
  commit: createCommitOnBranch(input: $commit) { commit { oid } }
}
"""

COMMIT_ON_NEW_BRANCH: Final = """mutation CommitOnNewBranch(
  $branch: UpdateRefsInput!, $commit: CreateCommitOnBranchInput!
) {
  branch: updateRefs(input: $branch) { clientMutationId }
  commit: createCommitOnBranch(input: $commit) { commit { oid } }
}
"""

MOVE_BRANCH: Final = f"""mutation MoveBranch($branch: UpdateRefsInput!, $pullRequest: UpdatePullRequestInput!) {{
  branch: updateRefs(input: $branch) {{ clientMutationId }}
  pullRequest: updatePullRequest(input: $pullRequest) {_OPENED}
}}
"""

DESCRIBE: Final = f"""mutation Describe($pullRequest: UpdatePullRequestInput!) {{
  pullRequest: updatePullRequest(input: $pullRequest) {_OPENED}
}}
"""

CLOSE_WITH_WORDS: Final = """mutation CloseWithWords($comment: AddCommentInput!, $pullRequest: ClosePullRequestInput!) {
  comment: addComment(input: $comment) { clientMutationId }
  pullRequest: closePullRequest(input: $pullRequest) { clientMutationId }
}
"""

UPDATE_REFS: Final = """mutation UpdateRefs($branch: UpdateRefsInput!) {
  branch: updateRefs(input: $branch) { clientMutationId }
}
"""

ENQUEUE: Final = """mutation Enqueue($entry: EnqueuePullRequestInput!) {
  entry: enqueuePullRequest(input: $entry) { mergeQueueEntry { id position } }
}
"""

DEQUEUE: Final = """mutation Dequeue($entry: DequeuePullRequestInput!) {
  entry: dequeuePullRequest(input: $entry) { mergeQueueEntry { id } }
}
"""

IN_MERGE_QUEUE: Final = """query InMergeQueue($pullRequest: ID!) {
  node(id: $pullRequest) { ... on PullRequest { isInMergeQueue } }
}
"""

BRANCH_STATE: Final = f"""query BranchState($owner: String!, $name: String!, $branch: String!) {{
  {_REPOSITORY}
    branch: ref(qualifiedName: $branch) {{
      target {{ oid }}
      associatedPullRequests(first: 10, states: [OPEN]) {{ nodes {{ number }} }}
    }}
  }}
}}
"""

_CHECKS: Final = """fragment Checks on StatusCheckRollup {
  contexts(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      ... on CheckRun {
        __typename name status conclusion isRequired(pullRequestNumber: $number)
        checkSuite { app { databaseId } }
      }
      ... on StatusContext { __typename context state isRequired(pullRequestNumber: $number) }
    }
  }
}
"""

MORE_CHECKS: Final = f"""query MoreChecks($owner: String!, $name: String!, $number: Int!, $after: String) {{
  {_REPOSITORY}
    pullRequest(number: $number) {{
      headRefOid
      commits(last: 1) {{ nodes {{ commit {{ oid statusCheckRollup {{ ...Checks }} }} }} }}
    }}
  }}
}}
{_CHECKS}"""

_DEMANDED: Final = """fragment Demanded on Ref {
  refUpdateRule { requiredStatusCheckContexts }
  rules(first: 100) {
    nodes {
      type
      parameters { ... on RequiredStatusChecksParameters { requiredStatusChecks { context } } }
    }
  }
}
"""


def merge_facts(paths: int) -> str:
    """Write the query for everything that decides a merge. Variables $p0, $p1, ... are the paths of the files."""
    variables = f"$number: Int!, $after: String, $policy: String!{_path_variables(paths)}"
    seen = " ".join(f"f{index}: file(path: $p{index}) {{ oid mode }}" for index in range(paths))
    return f"""query MergeFacts($owner: String!, $name: String!, {variables}) {{
  {_REPOSITORY}
    squashMergeAllowed mergeCommitAllowed rebaseMergeAllowed
    default: defaultBranchRef {{ name target {{ ... on Commit {{ policy: file(path: $policy) {_FILE} }} }} }}
    pullRequest(number: $number) {{
      number id state title url isDraft headRefName headRefOid baseRefName
      mergeable mergeStateStatus isMergeQueueEnabled isInMergeQueue
      mergeQueueEntry {{ enqueuer {{ __typename login }} }}
      author {{ __typename login }}
      baseRef {{ ...Demanded target {{ ... on Commit {{ oid {_files(paths)} }} }} }}
      headRef {{ target {{ ... on Commit {{ oid {seen} }} }} }}
      files(first: 100) {{ totalCount nodes {{ path changeType }} }}
      ...Commits
      commits(last: 1) {{ nodes {{ commit {{ oid statusCheckRollup {{ ...Checks }} }} }} }}
    }}
  }}
}}
{_DEMANDED}{_COMMITS}{_CHECKS}"""


def all_documents() -> dict[str, str]:
    """Render every document as it is sent, by name; those that grow with their input in several sizes."""
    constants = {
        name.lower(): value for name, value in globals().items() if name.isupper() and not name.startswith("_")
    }
    grown = {f"bump_facts_{paths}": bump_facts(paths, default_base=True) for paths in (0, 1, 3)}
    grown |= {f"bump_facts_of_base_{paths}": bump_facts(paths, default_base=False) for paths in (0, 2)}
    grown |= {f"files_at_commit_{paths}": files_at_commit(paths) for paths in (1, 50)}
    grown |= {f"merge_facts_{paths}": merge_facts(paths) for paths in (0, 2)}
    grown |= {f"blobs_{count}": blobs(count) for count in (1, 50)}
    return constants | grown | review_documents()
