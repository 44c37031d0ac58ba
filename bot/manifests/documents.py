"""Cut a file into its documents by a look at the bytes, so that only those that can matter are parsed."""

from __future__ import annotations

import codecs
import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.hidden_words import may_hide_words
from bot.manifests.reasons import SkipReason
from bot.manifests.source import Stretch
from bot.manifests.tree import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.source import Source

MOST_DOCUMENTS: Final = 10_000

# A line that begins so begins a document, whatever stands before it, also in a block scalar: YAML 1.2.2, 9.1.2, 9.1.4.
_MARKER: Final = re.compile(rb"^---(?![^ \t\r\n])", re.MULTILINE)
# From a document with such a line on nothing is cut: what follows `...` may be a document or none, and what a
# directive is about stands behind the next `---`.
_DOUBTFUL_LINE: Final = re.compile(rb"^(?:\.\.\.(?![^ \t\r\n])|%)", re.MULTILINE)
# Line ends of YAML 1.1 that libyaml sees and the expressions here do not, and byte order marks between documents.
_DOUBTFUL_BYTES: Final = (b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9", codecs.BOM_UTF8)
_LONE_CARRIAGE_RETURN: Final = re.compile(rb"\r(?!\n)")
_CONTENT: Final = re.compile(rb"^ *[^ #\r\n]", re.MULTILINE)

# What is in every document with an image: a key like `image`, `baseImage` or `BASE_IMAGE`, the `repository` of an image
# in parts, a `container` (of a workflow, where it may hold the image itself), a step that `uses: docker://...`, or a
# marker, which says `imagepolicy`.
_TRACES: Final = (b"mage", b"MAGE", b"repository", b"docker://")
_WORD_CONTAINER: Final = b"container"
# The word alone stands in many comments: as a key it has its colon, or `?`, an anchor (of an alias) or a tag before it.
_CONTAINER: Final = re.compile(rb"""container["']?\s*:|(?:[?]|&[^\s&!]+|![^\s&!]*)\s+["']?container(?![A-Za-z])""")
_POLICY_MARKER: Final = b"$imagepolicy"
_CUSTOM_RESOURCE_DEFINITION: Final = re.compile(
    rb"""^kind:[ \t]+(["']?)CustomResourceDefinition\1[ \t]*\r?$""", re.MULTILINE
)
# Within quotes or brackets a line may look like one of the document. Lines of comments and templates open none.
_MAY_OPEN: Final = re.compile(rb"""^[ \t]*+(?!#|\{\{.*\}\}[ \t]*\r?$).*?["'{\[]""", re.MULTILINE)
# A comment of a template, or to the end of the text one that is not closed. Read as YAML it would be a mapping that is
# a key of another, which no object has.
_TEMPLATE_COMMENT: Final = re.compile(rb"^\{\{(?:-\s)?/\*.*?(?:(\*/(?:\s-)?\}\})|\Z)", re.MULTILINE | re.DOTALL)
# Of two kinds the other may count.
_MAY_BE_KIND: Final = re.compile(rb"""^(?:kind[ \t]*:|["'?!&*<])""", re.MULTILINE)


class Document(NamedTuple):
    """A document, or some that cannot be cut apart: the stretch of the file, and the number of the first, from 0."""

    stretch: Stretch
    number: int


def documents_in(source: Source) -> Iterator[Document]:
    """Give the documents of a file, in order, so that parsing one by one is as good as parsing the file.

    What cannot be cut for certain comes as one stretch to the end of the file. A comment that stands before the first
    `---` is no document of its own and belongs to the first. Raises Unreadable for more than 10,000 documents.
    """
    whole = source.whole()
    text = whole.yaml
    if b"---" not in text:
        yield Document(whole, 0)
        return
    line = whole.line
    begins = _begins(text)
    for number, (begin, end) in enumerate(zip(begins, [*begins[1:], len(text)], strict=True)):
        part = text[begin:end]
        yield Document(Stretch(part, whole.byte + begin, line), number)
        line += part.count(b"\n")


def is_worth_reading(yaml: bytes) -> bool:
    """Whether a text may hold an image or a marker, judged by its bytes; False spares parsing it.

    The definition of a custom resource is large and describes images, but runs none.
    """
    if not any(trace in yaml for trace in _TRACES) and not _has_container(yaml) and not may_hide_words(yaml):
        return False
    return _POLICY_MARKER in yaml or not is_definition(yaml)


def is_definition(yaml: bytes) -> bool:
    """Whether a text is for certain the definition of a custom resource and nothing else, judged by its bytes."""
    found = _CUSTOM_RESOURCE_DEFINITION.search(yaml)
    if found is None or not _is_one_document(yaml):
        return False
    above = _TEMPLATE_COMMENT.sub(_unless_closed, yaml[: found.start()])
    if _MAY_OPEN.search(above) or _MAY_BE_KIND.search(above):
        return False
    return len(_MAY_BE_KIND.findall(yaml, found.start())) == 1


def _has_container(yaml: bytes) -> bool:
    return _WORD_CONTAINER in yaml and _CONTAINER.search(yaml) is not None


def _unless_closed(comment: re.Match[bytes]) -> bytes:
    return b"" if comment[1] else comment[0]


def _begins(text: bytes) -> list[int]:
    """List the bytes at which stretches begin: one document each, but for the last, which may hold several."""
    if _is_doubtful(text):
        return [0]
    begins = _documents(text)
    doubt = _DOUBTFUL_LINE.search(text)
    if doubt is None:
        return begins
    return [begin for begin in begins if begin <= doubt.start()]


def _is_doubtful(text: bytes) -> bool:
    """Whether lines may begin or end where this module does not see it."""
    return any(doubtful in text for doubtful in _DOUBTFUL_BYTES) or _LONE_CARRIAGE_RETURN.search(text) is not None


def _documents(text: bytes) -> list[int]:
    begins = [0]
    for marker in _MARKER.finditer(text):
        if len(begins) > MOST_DOCUMENTS:
            message = f"the file holds more than {MOST_DOCUMENTS:,} documents"
            raise Unreadable(SkipReason.TOO_MANY_EVENTS, message)
        begins.append(marker.start())
    if len(begins) > 1 and not _CONTENT.search(text, 0, begins[1]):
        del begins[1]
    return begins


def _is_one_document(yaml: bytes) -> bool:
    """Whether a text is one document for certain: it has at most one marker, and only comments before it."""
    if _is_doubtful(yaml) or _DOUBTFUL_LINE.search(yaml):
        return False
    first, second = (*islice(_MARKER.finditer(yaml), 2), None, None)[:2]
    return first is None or (second is None and not _CONTENT.search(yaml, 0, first.start()))
