"""The shape of the section `promotions`."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from bot.policies import kinds, promotion_kinds
from bot.policies.promotions import ANY_TAG, EVIDENCE_BY_DEFAULT, REPORT_AGE, Evidence, PromotionMode
from bot.policies.section import MOST_ITEMS, Section
from bot.policies.values import refuse

MOST_PROMOTIONS: Final = 200

_LISTED = Field(max_length=MOST_ITEMS)
_Texts = Annotated[tuple[promotion_kinds.ShortText, ...], _LISTED, kinds.NOT_EMPTY]
_Licenses = Annotated[tuple[promotion_kinds.LicenseName, ...], _LISTED, kinds.NOT_EMPTY]
_Criteria = Annotated[tuple["CriterionSection", ...], _LISTED, kinds.NOT_EMPTY]
_Tags = Annotated[tuple[promotion_kinds.WholeTag, ...], _LISTED, kinds.NOT_EMPTY]


class _Choice(Section):
    """A mapping of which exactly one key is written, beside those that `_beside` names."""

    @classmethod
    def _beside(cls) -> frozenset[str]:
        return frozenset()

    @classmethod
    def alternatives(cls) -> dict[str, str]:
        """Give the keys of which one is written, each by the name of its field, as the file writes it."""
        fields = cls.model_fields.items()
        return {name: field.alias or name for name, field in fields if name not in cls._beside()}

    def written(self) -> str:
        """Tell which key is written."""
        return self._all_written()[0]

    def _all_written(self) -> list[str]:
        return [key for name, key in self.alternatives().items() if name in self.model_fields_set]

    @model_validator(mode="after")
    def _refuse_none_and_several(self) -> Self:
        written = self._all_written()
        if len(written) != 1:
            found = f"it has {' and '.join(written)}" if written else "it has none"
            refuse(f"has exactly one of {', '.join(self.alternatives().values())}; {found}")
        return self


class TagSection(_Choice):
    """The key `tag` of a criterion."""

    equals: promotion_kinds.WholeTag | None = Field(default=None, description="It is this.")
    starts_with: promotion_kinds.TagStart | None = Field(default=None, description="It begins with this.")
    ends_with: promotion_kinds.TagPart | None = Field(default=None, description="It ends in this.")
    contains: promotion_kinds.TagPart | None = Field(default=None, description="This stands in it.")
    one_of: _Tags | None = Field(default=None, description="It is one of these.")
    not_one_of: _Tags | None = Field(default=None, description="It is none of these.")
    matches: kinds.Pattern | None = Field(default=None, description="This regular expression of RE2 is found in it.")


class ComponentSection(_Choice):
    """The key `component` of a criterion."""

    equals: promotion_kinds.ShortText | None = Field(default=None, description="A component has this name.")
    starts_with: promotion_kinds.ShortText | None = Field(
        default=None, description="A component's name begins with this."
    )
    ends_with: promotion_kinds.ShortText | None = Field(default=None, description="A component's name ends in this.")
    contains: promotion_kinds.ShortText | None = Field(default=None, description="This stands in a component's name.")
    one_of: _Texts | None = Field(default=None, description="A component has one of these names.")
    not_one_of: _Texts | None = Field(default=None, description="No component has one of these names.")
    matches: kinds.Pattern | None = Field(
        default=None, description="This regular expression of RE2 is found in a component's name."
    )


class VulnerabilitiesSection(_Choice):
    """The key `vulnerabilities` of a criterion."""

    severity: promotion_kinds.CountedSeverity = Field(description="Which are counted: critical, major, minor or all.")
    at_least: promotion_kinds.Count | None = Field(default=None, description="There are this many, or more.")
    more_than: promotion_kinds.Count | None = Field(default=None, description="There are more.")
    equals: promotion_kinds.Count | None = Field(default=None, description="There are this many.")
    not_equals: promotion_kinds.Count | None = Field(default=None, description="There are not this many.")
    at_most: promotion_kinds.Count | None = Field(default=None, description="There are this many, or fewer.")
    less_than: promotion_kinds.Count | None = Field(default=None, description="There are fewer.")

    @classmethod
    def _beside(cls) -> frozenset[str]:
        return frozenset({"severity"})

    @model_validator(mode="after")
    def _refuse_fewer_than_none(self) -> Self:
        if self.less_than == 0:
            refuse("holds for no image: there are never fewer vulnerabilities than 0")
        return self


class LicenseSection(_Choice):
    """The key `license` of a criterion."""

    one_of: _Licenses | None = Field(
        default=None, description="The image has one of these licences, as SPDX names them."
    )
    not_one_of: _Licenses | None = Field(
        default=None, description="The image has none of these licences, as SPDX names them."
    )


class CriterionSection(_Choice):
    """One item of `when`, `any` or `all`."""

    tag: TagSection | None = Field(default=None, description="The tag's name.")
    component: ComponentSection | None = Field(default=None, description="The components of the image, by their names.")
    vulnerabilities: VulnerabilitiesSection | None = Field(
        default=None, description="How many vulnerabilities the image has."
    )
    license: LicenseSection | None = Field(default=None, description="The licences of what is in the image.")
    any_of: _Criteria | None = Field(default=None, alias="any", description="At least one of these holds.")
    all_of: _Criteria | None = Field(default=None, alias="all", description="Every one of these holds.")


class SignatureSection(Section):
    """The key `require-signed`."""

    identity: promotion_kinds.Identity = Field(description="Who must have signed; `*` stands for any characters.")
    issuer: promotion_kinds.Issuer = Field(description="The identity provider that vouches for it: https://...")


class PromotionSection(Section):
    """One item of `promotions`."""

    name: promotion_kinds.PromotionName = Field(description="What the promotion is called.")
    source: promotion_kinds.Repository = Field(alias="from", description="The repository whose tags are looked at.")
    target: promotion_kinds.Repository = Field(alias="to", description="The repository that they are promoted to.")
    when: _Criteria = Field(
        default=(), description="Criteria that must all hold; without any, each tag that is pushed is promoted."
    )
    tag_template: promotion_kinds.TagTemplate = Field(
        default=ANY_TAG, description="The new tag: %n is the old one, %Y%m%d the day, in UTC."
    )
    mode: promotion_kinds.Mode = Field(
        default=PromotionMode.COPY, description="Copy at once, or propose the promotion as a pull request."
    )
    overwrite: kinds.Flag = Field(default=False, description="Whether a tag that holds something else is replaced.")
    existing: kinds.Flag = Field(default=False, description="Whether tags that are there today are looked at too.")
    referrers: kinds.Flag = Field(
        default=True, description="Whether signatures, SBOMs and whatever else refers to the image are copied too."
    )
    evidence: Annotated[tuple[promotion_kinds.EvidenceName, ...], Field(max_length=len(Evidence)), kinds.NOT_EMPTY] = (
        Field(
            default=EVIDENCE_BY_DEFAULT,
            description="Where facts about an image may come from; `report`: posted by CI.",
        )
    )
    max_report_age: promotion_kinds.ReportAge = Field(
        default=REPORT_AGE,
        description="How old a report on an image may be, such as 24h.",
        json_schema_extra={"default": "24h"},
    )
    require_signed: SignatureSection | None = Field(
        default=None, description="Who must have signed the evidence. Default: it need not be signed."
    )


Promotions = Annotated[tuple[PromotionSection, ...], Field(max_length=MOST_PROMOTIONS)]
