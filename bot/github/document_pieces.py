"""What many GraphQL documents share: the way to the repository, and to a file of a commit."""

from __future__ import annotations

from typing import Final

REPOSITORY: Final = "repository(owner: $owner, name: $name) { id databaseId nameWithOwner"
FILE: Final = "{ oid mode type object { ... on Blob { byteSize isBinary isTruncated text } } }"
