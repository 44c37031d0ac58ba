"""The shape of the sections about findings: `findings`, `environments`, `pull-secrets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import (
    Field,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    TypeAdapter,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from bot.policies import finding_kinds, kinds
from bot.policies.problems import suggestion
from bot.policies.rules import RULES, Rule, Severity
from bot.policies.section import MOST_ITEMS, Section
from bot.policies.tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import CoreSchema, ErrorDetails

MOST_WAIVERS: Final = 1000

_REFUSED: Final = "refused"

_Paths = Annotated[tuple[kinds.PathGlob, ...], Field(max_length=MOST_ITEMS), kinds.NOT_EMPTY]
_SEVERITIES: Final[TypeAdapter[dict[str, Severity | None]]] = TypeAdapter(finding_kinds.Severities)


class RuleSection(Section):
    """One key of `rules`: a severity, severities by environment, or a mapping with them and the rule's options."""

    severity: finding_kinds.Severities = Field(
        default_factory=dict,
        description="How much a finding matters: high, medium, low, off; or a mapping of these by environment.",
    )

    @model_validator(mode="wrap")
    @classmethod
    def _read_any_form(cls, value: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Take the short forms for what they stand for; their errors keep the places of the short forms."""
        if isinstance(value, (Scalar, dict)) and not cls._is_long(value):
            _SEVERITIES.validate_python(value)
            return handler({"severity": value})
        try:
            return handler(value)
        except ValidationError as error:
            found = [cls._naming_options(each) for each in error.errors(include_url=False)]
            raise ValidationError.from_exception_data(error.title, found) from None

    @classmethod
    def _options(cls) -> list[str]:
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def _naming_options(cls, error: ErrorDetails) -> InitErrorDetails:
        """Let the error of an option that is like none say which options there are."""
        kind: str | PydanticCustomError = error["type"]
        if kind == _REFUSED:
            kind = PydanticCustomError(_REFUSED, "{message}", {"message": error["msg"]})
        elif kind == "extra_forbidden" and not suggestion(str(error["loc"][-1]), cls._options()):
            said = f"is no option of this rule, which has {', '.join(cls._options())}"
            kind = PydanticCustomError(_REFUSED, "{message}", {"message": said})
        return InitErrorDetails(type=kind, loc=error["loc"], input=error["input"], ctx=error.get("ctx", {}))

    @classmethod
    def _is_long(cls, value: object) -> bool:
        """Whether a mapping is meant to name options: severities by environment are scalars, under other names."""
        if not isinstance(value, dict) or len(value) > MOST_ITEMS:
            return False
        options = cls._options()
        is_like_an_option = any(key in options or suggestion(key, options) for key in value)
        return not value or is_like_an_option or not all(isinstance(each, Scalar) for each in value.values())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Answer pydantic's question how to describe it: a severity and severities by environment will do as well."""
        long = super().__get_pydantic_json_schema__(schema, handler)
        return {"anyOf": [_SEVERITIES.json_schema(), long]}


def _field_name(key: str) -> str:
    return key.replace("-", "_")


def _section_of(rule: Rule) -> type[RuleSection]:
    options: dict[str, Any] = {
        _field_name(option.name): (
            finding_kinds.KIND_OF_OPTION[option.kind] | None,
            Field(default=None, description=f"{option.meaning[0].upper()}{option.meaning[1:]}."),
        )
        for option in rule.options
    }
    name = "".join(part.capitalize() for part in rule.id.split("-")) + "Section"
    return create_model(name, __base__=RuleSection, __doc__=rule.finds, **options)


RULE_SECTIONS: Final[Mapping[str, type[RuleSection]]] = {rule.id: _section_of(rule) for rule in RULES}


_RULES: Final[dict[str, Any]] = {
    _field_name(rule.id): (RULE_SECTIONS[rule.id] | None, Field(default=None, description=rule.finds)) for rule in RULES
}
RulesSection: Final[type[Section]] = create_model(
    "RulesSection", __base__=Section, __doc__="The key `rules`: one key for each rule.", **_RULES
)


class WaiverSection(Section):
    """One item of `ignore`."""

    rule: finding_kinds.RuleId = Field(description="The rule whose findings are put up with.")
    paths: _Paths = Field(
        default=("**",), description="Globs of the files in which they are, as .gitignore reads them. Default: all."
    )
    reason: finding_kinds.Reason = Field(description="Why; shown wherever the findings are left out.")
    until: finding_kinds.Day | None = Field(
        default=None, description="The day from which on they count again, as 2027-01-31. Default: never."
    )


class FindingsSection(Section):
    """The key `findings`."""

    fail_on: finding_kinds.Threshold = Field(
        default=None,
        description="The least severity that makes the check fail. Default: never.",
        json_schema_extra={"default": finding_kinds.NEVER},
    )
    comment_on: finding_kinds.LeastSeverity = Field(
        default=Severity.MEDIUM, description="The least severity that is said on the lines of a pull request."
    )
    rules: RulesSection = Field(
        default_factory=RulesSection, description="What each rule is to find, and how much it matters."
    )
    ignore: tuple[WaiverSection, ...] = Field(
        default=(), max_length=MOST_WAIVERS, description="Findings that are put up with, why, and until when."
    )


class EnvironmentSection(Section):
    """One item of `environments`."""

    name: finding_kinds.EnvironmentName = Field(description="What `rules` call it: production, dev.")
    paths: _Paths = Field(description="Globs of its files, as .gitignore reads them; the first environment counts.")


class PullSecretSection(Section):
    """One item of `pull-secrets`."""

    registry: finding_kinds.Registry = Field(description="The registry, or a part of it: ghcr.io, ghcr.io/my-org.")
    name: finding_kinds.SecretName = Field(description="The name of the Kubernetes Secret.")


Environments = Annotated[tuple[EnvironmentSection, ...], Field(max_length=MOST_ITEMS)]
PullSecrets = Annotated[tuple[PullSecretSection, ...], Field(max_length=MOST_ITEMS)]
