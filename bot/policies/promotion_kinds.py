"""The kinds of value in the section `promotions`: how each is read, and what an editor is told of it."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum
from typing import Annotated, Final, TypeVar

from bot.images import ImageReference, InvalidImageReference, is_tag, quoted
from bot.policies import tag_templates
from bot.policies.durations import read_duration, shown_duration
from bot.policies.kinds import DURATION_SCHEMA, TEXT_SCHEMA
from bot.policies.license_names import NOTHING_SAID, is_expression
from bot.policies.promotions import Evidence, PromotionMode, VulnerabilitySeverity
from bot.policies.section import JsonSchema, ReadBy
from bot.policies.values import read_one_of, read_text, refuse

LONGEST_NAME: Final = 100
LONGEST_TEXT: Final = 200
LONGEST_ADDRESS: Final = 500
MOST_VULNERABILITIES: Final = 1_000_000

_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_NAME - 1}}}")
_COUNT = re.compile(r"[0-9]{1,7}")
_ANYONE = re.compile(r"(?:https?|[*@/:.])*")
_HTTPS: Final = "https://"

_Word = TypeVar("_Word", bound=Enum)


def read_promotion_name(value: object) -> str:
    """Read the name of a promotion."""
    text = read_text(value)
    if not _NAME.fullmatch(text):
        refuse(f"is written in letters, digits, `.`, `_`, `-`, at most {LONGEST_NAME}, not {quoted(text)}")
    return text


def read_repository(value: object) -> ImageReference:
    """Read the name of one repository, with its registry: no tag, no digest, no glob."""
    text = read_text(value)
    try:
        reference = ImageReference.parse(text)
    except InvalidImageReference as error:
        refuse(f"will not do: {error}")
    if reference.tag is not None or reference.digest is not None:
        refuse(f"is written without tag and digest, not {quoted(text)}")
    return reference


def read_short_text(value: object) -> str:
    """Read one line."""
    text = read_text(value)
    if not text or len(text) > LONGEST_TEXT or not text.isprintable():
        refuse(f"is one line of 1 to {LONGEST_TEXT} characters, not {quoted(text)}")
    return text


def read_license(value: object) -> str:
    """Read the name of one licence, or any words; with an exception it is one licence too."""
    text = read_short_text(value)
    if text.strip().casefold() in NOTHING_SAID:
        refuse(f"names a licence, and {quoted(text)} says that none is told")
    if is_expression(text):
        refuse(f"is one licence, not the expression {quoted(text)}; list each of its licences by itself")
    return text


def read_whole_tag(value: object) -> str:
    """Read a tag."""
    text = read_text(value)
    if not is_tag(text):
        refuse(f"cannot be a tag: {quoted(text)}")
    return text


def read_tag_start(value: object) -> str:
    """Read what a tag may begin with."""
    text = read_text(value)
    if not is_tag(text):
        refuse(f"cannot be the beginning of a tag: {quoted(text)}")
    return text


def read_tag_part(value: object) -> str:
    """Read what may stand in a tag behind its first character."""
    text = read_text(value)
    if not text or not is_tag(f"x{text}"):
        refuse(f"cannot stand in a tag: {quoted(text)}")
    return text


def read_count(value: object) -> int:
    """Read a number of vulnerabilities."""
    text = read_text(value)
    if not _COUNT.fullmatch(text) or int(text) > MOST_VULNERABILITIES:
        refuse(f"is a whole number, 0 to {MOST_VULNERABILITIES}, not {quoted(text)}")
    return int(text)


def read_report_age(value: object) -> timedelta:
    """Read how old a report may be."""
    age = read_duration(value)
    if not age:
        refuse(f"is more than {quoted(read_text(value))}, at which no report counts")
    return age


def read_tag_template(value: object) -> str:
    """Read the template of a tag."""
    text = read_text(value)
    said = tag_templates.complaint(text)
    if said is not None:
        refuse(said)
    return text


def read_vulnerability_severity(value: object) -> VulnerabilitySeverity:
    """Read which vulnerabilities are counted."""
    return _read_word(VulnerabilitySeverity, value)


def read_mode(value: object) -> PromotionMode:
    """Read how an image is promoted."""
    return _read_word(PromotionMode, value)


def read_evidence(value: object) -> Evidence:
    """Read where facts about an image may come from."""
    return _read_word(Evidence, value)


def read_identity(value: object) -> str:
    """Read who must have signed; `*` stands for any characters, but not for everyone."""
    text = read_text(value)
    if not text or len(text) > LONGEST_ADDRESS or not text.isprintable() or " " in text:
        refuse(f"is an identity of at most {LONGEST_ADDRESS} characters, without spaces, not {quoted(text)}")
    if _ANYONE.fullmatch(text):
        refuse("names who must have signed, and `*` is anyone")
    return text


def read_issuer(value: object) -> str:
    """Read the address of the identity provider that vouches for who signed."""
    text = read_text(value)
    is_address = text.startswith(_HTTPS) and text != _HTTPS and text.isprintable() and " " not in text
    if not is_address or len(text) > LONGEST_ADDRESS:
        refuse(f"is the address of an identity provider, beginning with https://, not {quoted(text)}")
    return text


def _read_word(words: type[_Word], value: object) -> _Word:
    return words(read_one_of(value, {word.value for word in words}))


def _words(words: type[Enum]) -> JsonSchema:
    return {"enum": [word.value for word in words]}


PromotionName = Annotated[str, ReadBy(read_promotion_name, TEXT_SCHEMA)]
Repository = Annotated[ImageReference, ReadBy(read_repository, {"type": "string"})]
ShortText = Annotated[str, ReadBy(read_short_text, TEXT_SCHEMA)]
LicenseName = Annotated[str, ReadBy(read_license, TEXT_SCHEMA)]
ReportAge = Annotated[timedelta, ReadBy(read_report_age, DURATION_SCHEMA, shown_duration)]
WholeTag = Annotated[str, ReadBy(read_whole_tag, TEXT_SCHEMA)]
TagStart = Annotated[str, ReadBy(read_tag_start, TEXT_SCHEMA)]
TagPart = Annotated[str, ReadBy(read_tag_part, TEXT_SCHEMA)]
Count = Annotated[int, ReadBy(read_count, {"type": "integer", "minimum": 0, "maximum": MOST_VULNERABILITIES})]
TagTemplate = Annotated[str, ReadBy(read_tag_template, TEXT_SCHEMA)]
CountedSeverity = Annotated[VulnerabilitySeverity, ReadBy(read_vulnerability_severity, _words(VulnerabilitySeverity))]
Mode = Annotated[PromotionMode, ReadBy(read_mode, _words(PromotionMode))]
EvidenceName = Annotated[Evidence, ReadBy(read_evidence, _words(Evidence))]
Identity = Annotated[str, ReadBy(read_identity, {"type": "string"})]
Issuer = Annotated[str, ReadBy(read_issuer, {"type": "string", "pattern": "^https://."})]
