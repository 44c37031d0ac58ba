"""The section about promotions: what each key means, and what is said of one that will not do."""

import pickle
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.images import ImageReference
from bot.policies import Problem, load
from bot.policies.promotions import (
    AllOf,
    AnyOf,
    ComponentCriterion,
    Criterion,
    Evidence,
    LicenseCriterion,
    NumberOperator,
    Promotion,
    PromotionMode,
    RequiredSignature,
    TagCriterion,
    TextOperator,
    VulnerabilityCriterion,
    VulnerabilitySeverity,
)
from bot.policies.tag_templates import KEYWORDS

WHOLE = r"""version: 1
promotions:
  - name: dev-to-qa
    from: registry.example/dev/website
    to: registry.example/qa/website
    when:                        # all must hold; `any: [...]` nests
      - tag: {ends-with: -stable}
      - vulnerabilities: {severity: critical, at-most: 0}
      - component: {not-one-of: [log4j-core]}
      - any:
          - license: {not-one-of: [AGPL-3.0-only]}
          - all: [{tag: {matches: '^v\d'}}, {license: {one-of: [MIT, Apache-2.0]}}]
    tag-template: "%n-%Y%m%d%H%M"
    mode: pull-request
    overwrite: true
    existing: true
    referrers: false
    evidence: [referrers, report]
    max-report-age: 12h
    require-signed: {identity: "https://github.com/acme/*", issuer: "https://token.actions.githubusercontent.com"}
"""


@pytest.fixture(scope="module")
def promotion_with() -> Callable[..., Promotion]:
    """Give the one promotion of a file, with these keys."""

    def promotion(keys: str = "") -> Promotion:
        return load(file_with(keys)).promotions[0]

    return promotion


@pytest.fixture(scope="module")
def criterion_of(promotion_with) -> Callable[[str], Criterion]:
    """Give the one criterion of a promotion."""

    def criterion(written: str) -> Criterion:
        (only,) = promotion_with(f"when: [{written}]").when.criteria
        return only

    return criterion


@pytest.fixture(scope="module")
def problem_with_key(problems_in) -> Callable[[str], Problem]:
    """Give the one problem of a promotion with this key, which stands in line 6 and column 5."""

    def problem(keys: str) -> Problem:
        (only,) = problems_in(file_with(keys))
        return only

    return problem


def file_with(keys: str) -> str:
    return f"version: 1\npromotions:\n  - name: a\n    from: r.example/dev/a\n    to: r.example/qa/a\n    {keys}\n"


def test_a_whole_promotion_is_read():
    (promotion,) = load(WHOLE).promotions

    assert promotion == Promotion(
        name="dev-to-qa",
        source=ImageReference.parse("registry.example/dev/website"),
        target=ImageReference.parse("registry.example/qa/website"),
        line=3,
        when=AllOf(
            (
                TagCriterion(TextOperator.ENDS_WITH, ("-stable",)),
                VulnerabilityCriterion(VulnerabilitySeverity.CRITICAL, NumberOperator.AT_MOST, 0),
                ComponentCriterion(TextOperator.NOT_ONE_OF, ("log4j-core",)),
                AnyOf(
                    (
                        LicenseCriterion(TextOperator.NOT_ONE_OF, ("AGPL-3.0-only",)),
                        AllOf(
                            (
                                TagCriterion(TextOperator.MATCHES, (r"^v\d",)),
                                LicenseCriterion(TextOperator.ONE_OF, ("MIT", "Apache-2.0")),
                            )
                        ),
                    )
                ),
            )
        ),
        tag_template="%n-%Y%m%d%H%M",
        mode=PromotionMode.PULL_REQUEST,
        overwrite=True,
        existing=True,
        referrers=False,
        evidence=(Evidence.REFERRERS, Evidence.REPORT),
        max_report_age=timedelta(hours=12),
        require_signed=RequiredSignature("https://github.com/acme/*", "https://token.actions.githubusercontent.com"),
    )


def test_promotions_travel_between_processes_and_can_be_keys():
    file = load(WHOLE)

    assert pickle.loads(pickle.dumps(file)) == file
    assert hash(pickle.loads(pickle.dumps(file.promotions))) == hash(file.promotions)


def test_what_is_not_written_has_a_default(promotion_with):
    promotion = promotion_with()

    assert promotion.when == AllOf(())
    assert promotion.tag_template == "%n"
    assert promotion.mode is PromotionMode.COPY
    assert (promotion.overwrite, promotion.existing, promotion.referrers) == (False, False, True)
    assert promotion.evidence == (Evidence.ATTESTATION, Evidence.REFERRERS, Evidence.REGISTRY)
    assert promotion.max_report_age == timedelta(hours=24)
    assert promotion.require_signed is None
    assert load("version: 1").promotions == ()


@pytest.mark.parametrize(
    ("written", "operator", "values"),
    [
        ("{equals: 1.10}", TextOperator.EQUALS, ("1.10",)),
        ("{starts-with: v}", TextOperator.STARTS_WITH, ("v",)),
        ("{ends-with: -stable}", TextOperator.ENDS_WITH, ("-stable",)),
        ("{contains: .rc.}", TextOperator.CONTAINS, (".rc.",)),
        ("{one-of: [on, 5]}", TextOperator.ONE_OF, ("on", "5")),
        ("{not-one-of: [latest]}", TextOperator.NOT_ONE_OF, ("latest",)),
        ("{matches: '^v'}", TextOperator.MATCHES, ("^v",)),
    ],
)
def test_a_name_compares_in_seven_ways(criterion_of, written, operator, values):
    assert criterion_of(f"{{tag: {written}}}") == TagCriterion(operator, values)
    assert criterion_of(f"{{component: {written}}}") == ComponentCriterion(operator, values)


@pytest.mark.parametrize("operator", NumberOperator, ids=lambda operator: operator.value)
@pytest.mark.parametrize("severity", VulnerabilitySeverity, ids=lambda severity: severity.value)
def test_vulnerabilities_of_a_severity_are_counted_in_six_ways(criterion_of, operator, severity):
    written = f"{{vulnerabilities: {{severity: {severity.value}, {operator.value}: 3}}}}"

    assert criterion_of(written) == VulnerabilityCriterion(severity, operator, 3)


@pytest.mark.parametrize("operator", [TextOperator.ONE_OF, TextOperator.NOT_ONE_OF])
def test_a_licence_is_on_a_list_or_not(criterion_of, operator):
    assert criterion_of(f"{{license: {{{operator.value}: [MIT]}}}}") == LicenseCriterion(operator, ("MIT",))


def test_criteria_nest_eight_deep_and_no_deeper(criterion_of, problem_with_key):
    def nested(depth: int) -> str:
        return "{any: [" * depth + "{tag: {equals: a}}" + "]}" * depth

    assert isinstance(criterion_of(nested(7)), AnyOf)
    problem = problem_with_key(f"when: [{nested(8)}]")
    assert (problem.line, problem.key, problem.message) == (6, "any", "criteria are nested at most 8 deep")


CRITERIA = "tag, component, vulnerabilities, license, any, all"
TEXT_OPERATORS = "equals, starts-with, ends-with, contains, one-of, not-one-of, matches"
NUMBER_OPERATORS = "at-least, more-than, equals, not-equals, at-most, less-than"


@pytest.mark.parametrize(
    ("keys", "column", "key", "message"),
    [
        ("when: []", 11, "when", "`when` is empty; name something or leave the key out"),
        ("when: {tag: {equals: a}}", 11, "when", "`when` is a list"),
        ("when: [{}]", 12, "when",
         f"an item of `when` has exactly one of {CRITERIA}; it has none"),
        ("when: [{tag: {equals: a}, license: {one-of: [MIT]}}]", 12, "when",
         f"an item of `when` has exactly one of {CRITERIA}; it has tag and license"),
        ("when: [{tga: {equals: a}}]", 13, "tga", "`tga` is not a key of `when`"),
        ("when: [{any: [{tags: {equals: a}}]}]", 20, "tags", "`tags` is not a key of `any`; did you mean `tag`?"),
        ("when: [{any: []}]", 18, "any", "`any` is empty; name something or leave the key out"),
        ("when: [{tag: {}}]", 18, "tag", f"`tag` has exactly one of {TEXT_OPERATORS}; it has none"),
        ("when: [{tag: {equals: a, contains: b}}]", 18, "tag",
         f"`tag` has exactly one of {TEXT_OPERATORS}; it has equals and contains"),
        ("when: [{tag: {equal: a}}]", 19, "equal", "`equal` is not a key of `tag`; did you mean `equals`?"),
        ("when: [{tag: {ends_with: a}}]", 19, "ends_with",
         "`ends_with` is not a key of `tag`; did you mean `ends-with`?"),
        ("when: [{tag: {equals: [a]}}]", 27, "equals", "`equals` is a text, not a list or a mapping"),
        ("when: [{tag: {equals: 'a b'}}]", 27, "equals", "`equals` cannot be a tag: 'a b'"),
        ("when: [{tag: {starts-with: -a}}]", 32, "starts-with",
         "`starts-with` cannot be the beginning of a tag: '-a'"),
        ("when: [{tag: {ends-with: ''}}]", 30, "ends-with", "`ends-with` cannot stand in a tag: ''"),
        ("when: [{tag: {contains: 'a:b'}}]", 29, "contains", "`contains` cannot stand in a tag: 'a:b'"),
        ("when: [{tag: {one-of: a}}]", 27, "one-of", "`one-of` is a list"),
        ("when: [{tag: {one-of: []}}]", 27, "one-of", "`one-of` is empty; name something or leave the key out"),
        ("when: [{tag: {one-of: ['a/b']}}]", 28, "one-of", "an item of `one-of` cannot be a tag: 'a/b'"),
        ("when: [{component: {equals: ''}}]", 33, "equals", "`equals` is one line of 1 to 200 characters, not ''"),
        ("when: [{license: {equals: MIT}}]", 23, "equals", "`equals` is not a key of `license`"),
        ("when: [{license: {}}]", 22, "license", "`license` has exactly one of one-of, not-one-of; it has none"),
        ("when: [{vulnerabilities: {at-most: 0}}]", 30, "severity", "`severity` is missing"),
        ("when: [{vulnerabilities: {severity: high, at-most: 0}}]", 41, "severity",
         "`severity` is one of all, critical, major, minor, not 'high'"),
        ("when: [{vulnerabilities: {severity: all}}]", 30, "vulnerabilities",
         f"`vulnerabilities` has exactly one of {NUMBER_OPERATORS}; it has none"),
        ("when: [{vulnerabilities: {severity: all, at-most: 1, equals: 2}}]", 30, "vulnerabilities",
         f"`vulnerabilities` has exactly one of {NUMBER_OPERATORS}; it has equals and at-most"),
        ("when: [{vulnerabilities: {severity: all, at-most: -1}}]", 55, "at-most",
         "`at-most` is a whole number, 0 to 1000000, not '-1'"),
        ("when: [{vulnerabilities: {severity: all, at-most: 0.5}}]", 55, "at-most",
         "`at-most` is a whole number, 0 to 1000000, not '0.5'"),
        ("when: [{vulnerabilities: {severity: all, at-most: 1000001}}]", 55, "at-most",
         "`at-most` is a whole number, 0 to 1000000, not '1000001'"),
        ("when: [{vulnerabilities: {severity: all, less-than: 0}}]", 30, "vulnerabilities",
         "`vulnerabilities` holds for no image: there are never fewer vulnerabilities than 0"),
        ("mode: push", 11, "mode", "`mode` is one of copy, pull-request, not 'push'"),
        ("overwrite: yes", 16, "overwrite", "`overwrite` is true or false, without quotes"),
        ("evidence: []", 15, "evidence", "`evidence` is empty; name something or leave the key out"),
        ("evidence: [sbom]", 16, "evidence",
         "an item of `evidence` is one of attestation, referrers, registry, report, not 'sbom'"),
        ("max-report-age: 24", 21, "max-report-age",
         "`max-report-age` is a length of time such as 90s, 5m, 24h, 3d, 2w or 1h30m, not '24'"),
        ("max-report-age: 0s", 21, "max-report-age",
         "`max-report-age` is more than '0s', at which no report counts"),
        ("when: [{license: {one-of: [MIT OR ISC]}}]", 32, "one-of",
         "an item of `one-of` is one licence, not the expression 'MIT OR ISC'; list each of its licences by itself"),
        ("when: [{license: {not-one-of: [NOASSERTION]}}]", 36, "not-one-of",
         "an item of `not-one-of` names a licence, and 'NOASSERTION' says that none is told"),
        ("require-signed: {identity: a}", 21, "issuer", "`issuer` is missing"),
        ("require-signed: {identity: '*', issuer: 'https://a'}", 32, "identity",
         "`identity` names who must have signed, and `*` is anyone"),
        ("require-signed: {identity: a, issuer: 'http://a'}", 43, "issuer",
         "`issuer` is the address of an identity provider, beginning with https://, not 'http://a'"),
        ("require-signed: true", 21, "require-signed", "`require-signed` is a mapping of keys"),
        ("tag_template: x", 5, "tag_template",
         "`tag_template` is not a key of `promotions`; did you mean `tag-template`?"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_told_where_it_stands(problem_with_key, keys, column, key, message):
    assert problem_with_key(keys) == Problem(6, column, key, message)


@pytest.mark.parametrize("identity", ["**", "*@*", "https://*", "https://*/*", "*://*", "*@*.*", "http://*:*", "@"])
def test_an_identity_is_somebody(problem_with_key, identity):
    problem = problem_with_key(f"require-signed: {{identity: '{identity}', issuer: 'https://a'}}")
    assert problem == Problem(6, 32, "identity", "`identity` names who must have signed, and `*` is anyone")


SIGNED = "require-signed: {identity: a, issuer: 'https://a'}"


@pytest.mark.parametrize(
    "when",
    ["", "when: [{tag: {equals: a}}]", "when: [{any: [{tag: {equals: a}}, {all: [{tag: {equals: b}}]}]}]"],
)
def test_signatures_are_demanded_of_evidence_that_some_criterion_asks_for(problem_with_key, when):
    problem = problem_with_key(f"{SIGNED}\n    {when}")
    message = "`require-signed` says who signs the evidence, and no criterion asks for evidence"
    assert problem == Problem(6, 21, "require-signed", message)


ASKING = "when: [{any: [{tag: {equals: a}}, {all: [{component: {equals: b}}]}]}]"


@pytest.mark.parametrize("evidence", ["[registry]", "[report]", "[registry, report]"])
def test_signatures_are_demanded_of_evidence_that_can_be_signed(problem_with_key, evidence):
    problem = problem_with_key(f"{SIGNED}\n    {ASKING}\n    evidence: {evidence}")
    message = "`evidence` lists neither `attestation` nor `referrers`, and with `require-signed` nothing else counts"
    assert problem == Problem(8, 15, "evidence", message)


@pytest.mark.parametrize("evidence", ["[attestation]", "[referrers]", "[referrers, report]"])
def test_what_is_attached_can_be_signed(promotion_with, evidence):
    promotion = promotion_with(f"{SIGNED}\n    {ASKING}\n    evidence: {evidence}")
    assert promotion.require_signed == RequiredSignature("a", "https://a")


@pytest.mark.parametrize("asked", ["component: {not-one-of: [a]}", "license: {one-of: [MIT]}"])
@pytest.mark.parametrize("evidence", ["[registry]", "[report]", "[registry, report]"])
def test_components_are_asked_for_where_something_lists_them(problem_with_key, asked, evidence):
    problem = problem_with_key(f"when: [{{any: [{{{asked}}}, {{{asked}}}]}}]\n    evidence: {evidence}")
    message = (
        "`evidence` lists neither `attestation` nor `referrers`, and nothing else tells the components and licences"
        " that a criterion asks for"
    )
    assert problem == Problem(7, 15, "evidence", message)


@pytest.mark.parametrize(
    "keys",
    [
        f"{ASKING}\n    evidence: [registry, attestation]",
        f"{ASKING}\n    evidence: [registry, referrers]",
        "when: [{vulnerabilities: {severity: all, at-most: 0}}]\n    evidence: [registry]",
        "when: [{tag: {equals: a}}]\n    evidence: [registry]",
        "when: [{any: [{license: {one-of: [MIT]}}, {tag: {equals: a}}]}]\n    evidence: [registry]",
    ],
)
def test_a_place_that_tells_what_is_asked_for_is_enough(promotion_with, keys):
    assert Evidence.REGISTRY in promotion_with(keys).evidence


@pytest.mark.parametrize(
    "value",
    [
        "MIT AND ISC",
        "mit or isc",
        "(MIT)",
        "MIT OR (ISC)",
        "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",
        "LicenseRef-own OR MIT",
        "GPL-3.0-only OR AGPL3",
        "MIT or Apache2",
        "GPL-2.0 or later",
        "MIT OR NOASSERTION",
        "NONE",
        "none",
        "NoAssertion",
    ],
)
@pytest.mark.parametrize("operator", ["one-of", "not-one-of"])
def test_a_list_of_licences_lists_licences(problem_with_key, operator, value):
    assert problem_with_key(f"when: [{{license: {{{operator}: ['{value}']}}}}]").key == operator


@pytest.mark.parametrize(
    "value",
    [
        "GNU General Public License v2 or later (GPLv2+)",
        "BSD (3-clause)",
        "GPL v2 or later",
        "foo or bar",
        "MIT and",
        "()",
        "(" * 200,
        "GPL-2.0-only WITH Classpath-exception-2.0",
    ],
)
@pytest.mark.parametrize("operator", ["one-of", "not-one-of"])
def test_any_words_may_be_listed_as_a_licence(criterion_of, operator, value):
    criterion = criterion_of(f"{{license: {{{operator}: ['{value}']}}}}")
    assert criterion == LicenseCriterion(TextOperator(operator), (value,))


@pytest.mark.parametrize(
    ("when", "remarks"),
    [
        ("[{license: {not-one-of: [AGPL-3.0-only, agpl-3.0, Apache-2.0+, LicenseRef-Own]}}]", []),
        ("[{license: {not-one-of: [GPL-2.0-only WITH Classpath-exception-2.0]}}]", []),
        ("[{license: {one-of: [Docker EULA]}}]", []),
        ("[{license: {not-one-of: [MIT, Docker EULA]}}]", [(41, "'Docker EULA'", "")]),
        (
            "[{any: [{all: [{license: {not-one-of: [Apache-2]}}]}]}]",
            [(50, "`Apache-2`", "; did you mean `Apache-2.0`?")],
        ),
        ("[{license: {not-one-of: [GPL-2.0-only WITH own]}}]", [(36, "'GPL-2.0-only WITH own'", "")]),
    ],
)
def test_a_licence_to_do_without_that_spdx_does_not_list_is_remarked(when, remarks):
    found = load(file_with(f"when: {when}")).problems
    said = "is no licence that SPDX lists, so it keeps out only what is under exactly these words"
    assert [(each.line, each.column, each.key, each.message) for each in found] == [
        (6, column, "not-one-of", f"{name} {said}{more}") for column, name, more in remarks
    ]


def test_there_is_an_end_to_remarks():
    words = ", ".join(f"word {at}" for at in range(90))
    assert len(load(file_with(f"when: [{{license: {{not-one-of: [{words}]}}}}]")).problems) == 20


def test_a_pattern_is_one_of_re2(problem_with_key):
    problem = problem_with_key("when: [{tag: {matches: '(?=a)'}}]")

    assert (problem.column, problem.key) == (28, "matches")
    assert "'(?=a)' is not a pattern" in problem.message


class TestTemplates:
    @pytest.mark.parametrize("keyword", KEYWORDS)
    def test_know_each_keyword(self, promotion_with, keyword):
        assert promotion_with(f'tag-template: "{keyword}"').tag_template == keyword

    def test_know_the_nineteen_keywords_of_msr(self):
        assert "".join(sorted(keyword[1:] for keyword in KEYWORDS)) == "ABHIMSWYZabdfjmnpwy"

    @pytest.mark.parametrize("template", ["stable", "%n-%Y%m%d%H%M", "v%n", "_%n.x", "1.10", "%n" * 64, "a" * 128])
    def test_may_hold_whatever_a_tag_may(self, promotion_with, template):
        assert promotion_with(f'tag-template: "{template}"').tag_template == template

    @pytest.mark.parametrize("unknown", ["%q", "%U", "%t", "%-", "%é", "%N"])
    def test_know_no_others(self, problem_with_key, unknown):
        problem = problem_with_key(f'tag-template: "%n{unknown}"')

        known = "%A, %a, %B, %b, %d, %f, %H, %I, %j, %m, %M, %n, %p, %S, %w, %W, %Y, %y, %Z"
        message = f"`tag-template` knows the keywords {known}, not {unknown!r}"
        assert problem == Problem(6, 19, "tag-template", message)

    def test_hold_no_percent_sign(self, problem_with_key):
        message = "`tag-template` holds %%, a percent sign, and no tag may have one"
        assert problem_with_key('tag-template: "%n%%"') == Problem(6, 19, "tag-template", message)

    def test_do_not_end_within_a_keyword(self, problem_with_key):
        message = "`tag-template` ends in the middle of a keyword; a percent sign begins one, such as %n"
        assert problem_with_key('tag-template: "%n%"') == Problem(6, 19, "tag-template", message)

    @pytest.mark.parametrize("template", ["", "-%n", ".%n", "%n:1", "a b", "%n+%Y", "%n" * 129, "a" * 129, "é%n"])
    def test_make_something_that_can_be_a_tag(self, problem_with_key, template):
        problem = problem_with_key(f'tag-template: "{template}"')

        assert (problem.column, problem.key) == (19, "tag-template")
        assert problem.message.startswith("`tag-template` makes no tag: a tag has letters, digits, ")


def routes(*ways: str) -> str:
    """Write promotions called p0, p1, ..., each `from>to`, in lines 3, 4, ..."""
    items = [way.split(">") for way in ways]
    lines = [f"  - {{name: p{index}, from: r.io/{a}, to: r.io/{b}}}\n" for index, (a, b) in enumerate(items)]
    return "version: 1\npromotions:\n" + "".join(lines)


class TestContradictions:
    def test_two_promotions_need_two_names(self, problems_in):
        text = routes("a>b", "a>c").replace("p1", "p0")

        message = "the promotion in line 3 is named p0 too; give this one another `name`"
        assert problems_in(text) == (Problem(4, 12, "name", message),)

    @pytest.mark.parametrize(("source", "target"), [("nginx", "docker.io/library/nginx"), ("r.io/a", "r.io/a")])
    def test_an_image_is_not_promoted_to_where_it_is(self, problems_in, source, target):
        (problem,) = problems_in(f"version: 1\npromotions:\n  - {{name: p, from: {source}, to: {target}}}\n")

        assert (problem.line, problem.key) == (3, "to")
        assert problem.message == f"`from` and `to` are both '{ImageReference.parse(source).name}'"

    @pytest.mark.parametrize(
        ("source", "target", "said"),
        [
            ("r.io/a", "r.io:443/a", "'r.io/a' and 'r.io:443/a'"),
            ("r.io/a", "R.IO/a", "'r.io/a' and 'R.IO/a'"),
            ("acme/a", "registry-1.docker.io/acme/a", "'docker.io/acme/a' and 'registry-1.docker.io/acme/a'"),
        ],
    )
    def test_an_image_is_not_promoted_to_another_name_of_where_it_is(self, problems_in, source, target, said):
        (problem,) = problems_in(f"version: 1\npromotions:\n  - {{name: p, from: {source}, to: '{target}'}}\n")

        assert problem.message == f"`from` and `to` are one repository, written {said}"

    def test_no_circle_hides_behind_names_of_one_registry(self, problems_in):
        ways = [("r.io/a", "R.io/b"), ("r.io:443/b", "r.io/c"), ("r.IO/c", "r.io:0443/a")]
        lines = [f"  - {{name: p{each}, from: '{a}', to: '{b}'}}" for each, (a, b) in enumerate(ways)]
        (problem,) = problems_in("\n".join(["version: 1", "promotions:", *lines, ""]))

        way = "r.io/a -> r.io:443/b -> r.IO/c -> r.io/a"
        assert (problem.line, problem.message) == (5, f"promotions lead in a circle: {way} (p0, p1, p2)")

    @pytest.mark.parametrize(
        ("ways", "line", "circle"),
        [
            (["a>b", "b>a"], 4, "r.io/a -> r.io/b -> r.io/a (p0, p1)"),
            (["a>b", "b>c", "c>a"], 5, "r.io/a -> r.io/b -> r.io/c -> r.io/a (p0, p1, p2)"),
            (["c>a", "x>y", "b>c", "a>b"], 6, "r.io/b -> r.io/c -> r.io/a -> r.io/b (p2, p0, p3)"),
            (["a>b", "b>c", "a>c", "c>a"], 6, "r.io/a -> r.io/c -> r.io/a (p2, p3)"),
            (["a>b", "b>c", "c>b"], 5, "r.io/b -> r.io/c -> r.io/b (p1, p2)"),
        ],
    )
    def test_promotions_do_not_lead_in_a_circle(self, problems_in, ways, line, circle):
        (problem,) = problems_in(routes(*ways))

        assert (problem.line, problem.key, problem.message) == (line, "to", f"promotions lead in a circle: {circle}")

    def test_each_circle_is_told_once(self, problems_in):
        problems = problems_in(routes("a>b", "b>a", "b>c", "c>a", "d>d"))

        assert [problem.line for problem in problems] == [4, 6, 7]

    def test_a_promotion_that_closes_a_circle_is_no_part_of_another(self, problems_in):
        problems = problems_in(routes("a>b", "b>a", "c>b", "a>c"))

        assert [problem.line for problem in problems] == [4]

    @pytest.mark.parametrize("ways", [["a>b", "b>c"], ["a>b", "a>b"], ["a>c", "b>c"], ["a>b", "b>d", "a>c", "c>d"]])
    def test_chains_and_forks_are_no_circles(self, ways):
        assert len(load(routes(*ways)).promotions) == len(ways)


@pytest.mark.parametrize(
    ("keys", "column", "key", "message"),
    [
        ("from: r.io/a:1, to: r.io/b", 21, "from", "`from` is written without tag and digest, not 'r.io/a:1'"),
        ("from: r.io/a, to: r.io/b-*", 33, "to",
         "`to` will not do: 'r.io/b-*' is not an image reference: 'b-*' is no repository"),
        ("to: r.io/b", 5, "from", "`from` is missing"),
        ("from: r.io/a", 5, "to", "`to` is missing"),
    ],
)  # fmt: skip
def test_both_repositories_are_named_in_full(problems_in, keys, column, key, message):
    assert problems_in(f"version: 1\npromotions:\n  - {{name: p, {keys}}}\n") == (Problem(3, column, key, message),)


def test_there_is_an_end_to_promotions(problems_in):
    (problem,) = problems_in(routes(*(f"a{index}>b{index}" for index in range(201))))

    assert problem == Problem(3, 3, "promotions", "`promotions` holds too many items")
    assert len(load(routes(*(f"a{index}>a{index + 1}" for index in range(200)))).promotions) == 200
