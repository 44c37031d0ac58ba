"""What a licence expression means for `one-of` and for `not-one-of`, as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies.license_names import canonical
from bot.promotion import Outcome
from bot.promotion.license_expressions import LONGEST_EXPRESSION, MOST_NESTED, LicenseRule, parsed
from bot.promotion.verdicts import opposite

TRUE, FALSE, UNKNOWN = Outcome.TRUE, Outcome.FALSE, Outcome.UNKNOWN

CASES = [
    # listed, expression, may be used under these alone, may be used without any of these
    (["MIT"], "MIT", TRUE, FALSE),
    (["MIT"], "mit", TRUE, FALSE),
    (["mit"], "MIT", TRUE, FALSE),
    (["MIT"], "Apache-2.0", FALSE, TRUE),
    (["MIT"], "MIT OR GPL-3.0-only", TRUE, TRUE),
    (["MIT"], "MIT AND GPL-3.0-only", FALSE, FALSE),
    (["MIT", "GPL-3.0-only"], "MIT AND GPL-3.0-only", TRUE, FALSE),
    (["MIT", "GPL-3.0-only"], "MIT OR GPL-3.0-only", TRUE, FALSE),
    (["MIT"], "(MIT OR GPL-3.0-only) AND BSD-3-Clause", FALSE, TRUE),
    (["MIT", "BSD-3-Clause"], "(MIT OR GPL-3.0-only) AND BSD-3-Clause", TRUE, FALSE),
    (["MIT"], "MIT OR GPL-3.0-only AND BSD-3-Clause", TRUE, TRUE),
    (["MIT"], "mit or Apache-2.0", TRUE, TRUE),
    # old identifiers
    (["AGPL-3.0-only"], "AGPL-3.0", TRUE, FALSE),
    (["AGPL-3.0"], "AGPL-3.0-only", TRUE, FALSE),
    (["GPL-2.0-or-later"], "GPL-2.0+", TRUE, FALSE),
    (["GPL-2.0-only"], "GPL-2.0-or-later", FALSE, FALSE),
    (["GPL-2.0"], "GPL-2.0+", FALSE, FALSE),
    (["GPL-2.0-or-later"], "GPL-2.0-only", FALSE, TRUE),
    (["GPL-3.0-only"], "GPL-2.0-or-later", FALSE, TRUE),
    (["AGPL-3.0-only"], "AGPL-3.0-or-later OR MIT", FALSE, TRUE),
    (["AGPL-3.0-only"], "AGPL-3.0-or-later AND MIT", FALSE, FALSE),
    (["GPL-2.0-only"], "GPL-2.0-or-later WITH Classpath-exception-2.0", FALSE, FALSE),
    (["GPL-2.0-only"], "GPL-2.0-with-classpath-exception", TRUE, FALSE),
    (["Apache-2.0"], "Apache-2.0+", FALSE, FALSE),
    (["MIT"], "Apache-2.0+", FALSE, TRUE),
    (["MIT"], "GPL-3.0-only+", UNKNOWN, UNKNOWN),
    (["MIT"], "GPL-3.0-or-later+", UNKNOWN, UNKNOWN),
    (["MIT"], "GPL-2.0-with-classpath-exception+", UNKNOWN, UNKNOWN),
    (["MIT"], "GPL-2.0-with-own-exception", UNKNOWN, UNKNOWN),
    (["MIT"], "Net-SNMP", FALSE, TRUE),
    (["Net-SNMP"], "net-snmp", TRUE, FALSE),
    (["Apache-2.0+"], "apache-2.0+", TRUE, FALSE),
    # exceptions
    (["GPL-2.0-only"], "GPL-2.0-only WITH Classpath-exception-2.0", TRUE, FALSE),
    (["GPL-2.0-only WITH Classpath-exception-2.0"], "GPL-2.0 with classpath-exception-2.0", TRUE, FALSE),
    (["GPL-2.0-only WITH Classpath-exception-2.0"], "GPL-2.0-only", FALSE, TRUE),
    (["MIT"], "GPL-2.0-only WITH Classpath-exception-2.0", FALSE, TRUE),
    (["MIT"], "Apache-2.0+ WITH LLVM-exception", FALSE, TRUE),
    (["MIT"], "LGPL-2.1-only WITH Nokia-Qt-exception-1.1", FALSE, TRUE),
    (["MIT"], "GPL-2.0-only WITH own-exception", UNKNOWN, UNKNOWN),
    (["MIT"], "GPL-2.0-only WITH Apache-2.0", UNKNOWN, UNKNOWN),
    (["MIT"], "GPL-2.0-only WITH LicenseRef-scancode-alfresco-exception-0.5", UNKNOWN, UNKNOWN),
    (["MIT"], "Apache-2.0 WITH GPL-2.0-with-GCC-exception", UNKNOWN, UNKNOWN),
    (["MIT"], "MIT WITH own-exception", UNKNOWN, FALSE),
    (["MIT WITH own-exception"], "MIT WITH own-exception", TRUE, FALSE),
    (["MIT WITH own-exception"], "Apache-2.0 OR MIT WITH own-exception", TRUE, TRUE),
    # what says nothing, or nothing that is understood
    (["MIT"], "NOASSERTION", UNKNOWN, UNKNOWN),
    (["MIT"], "NONE", UNKNOWN, UNKNOWN),
    (["NONE"], "NONE", UNKNOWN, UNKNOWN),
    (["NOASSERTION"], "noassertion", UNKNOWN, UNKNOWN),
    (["MIT"], "MIT OR NOASSERTION", TRUE, UNKNOWN),
    (["MIT"], "MIT AND NOASSERTION", UNKNOWN, FALSE),
    (["MIT"], "Apache-2.0 OR NOASSERTION", UNKNOWN, TRUE),
    (["MIT"], "Apache-2.0 AND NOASSERTION", FALSE, UNKNOWN),
    (["MIT"], "GNU Affero General Public License v3", UNKNOWN, UNKNOWN),
    (["MIT"], "Apache License, Version 2.0", UNKNOWN, UNKNOWN),
    (["MIT"], "AGPLv3", UNKNOWN, UNKNOWN),
    (["MIT"], "MIT OR", UNKNOWN, UNKNOWN),
    (["MIT"], "()", UNKNOWN, UNKNOWN),
    (["MIT"], "AND", UNKNOWN, UNKNOWN),
    (["MIT"], "", UNKNOWN, UNKNOWN),
    (["MIT"], " ", UNKNOWN, UNKNOWN),
    (["MIT"], "MIT MIT", UNKNOWN, UNKNOWN),
    (["MIT"], "MIT/Apache-2.0", UNKNOWN, UNKNOWN),
    (["MIT"], "Classpath-exception-2.0", UNKNOWN, UNKNOWN),
    (["MIT"], "foo WITH Classpath-exception-2.0", UNKNOWN, UNKNOWN),
    # a document's own licences, which SPDX does not list
    (["MIT"], "LicenseRef-public-domain", UNKNOWN, UNKNOWN),
    (["LicenseRef-Public-Domain"], "LicenseRef-public-domain", TRUE, FALSE),
    (["LicenseRef-other"], "LicenseRef-public-domain", UNKNOWN, UNKNOWN),
    (["MIT"], "DocumentRef-other:LicenseRef-1", UNKNOWN, UNKNOWN),
    (["MIT"], "LicenseRef-MIT-Bootstrap", UNKNOWN, UNKNOWN),
    (["MIT"], "LicenseRef-scancode-public-domain", UNKNOWN, UNKNOWN),
    (["MIT", "LicenseRef-A"], "MIT AND LicenseRef-A", TRUE, FALSE),
    # any words may be listed
    (["Docker EULA"], "docker  eula", TRUE, FALSE),
    (["docker"], "docker OR MIT", TRUE, TRUE),
    (["docker"], "MIT", FALSE, TRUE),
    (["docker"], "moby", UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("listed", "expression", "alone", "without"), CASES)
def test_an_expression_is_judged(listed, expression, alone, without):
    rules = (LicenseRule(listed, alone=True), LicenseRule(listed, alone=False))
    assert tuple(rule.judge(expression) for rule in rules) == (alone, without)


def nested(depth):
    return "(" * depth + "MIT" + ")" * depth


@pytest.mark.parametrize(
    ("expression", "is_read"),
    [
        (nested(MOST_NESTED), True),
        (nested(MOST_NESTED + 1), False),
        (nested(900), False),
        ("MIT OR " * 100 + "MIT", True),
        ("M" * (LONGEST_EXPRESSION + 1), False),
        ("MIT OR " * 1_000_000, False),
        ("(" * 1_000, False),
        ("\ud800", False),
        ("MIT\0", False),
    ],
    ids=lambda value: str(value)[:12].encode("ascii", "replace").decode(),
)
def test_a_hostile_expression_is_read_or_left(expression, is_read):
    assert (parsed(expression) is not None) is is_read


@given(st.text(max_size=60) | st.lists(st.sampled_from("( ) AND OR WITH MIT GPL-2.0 + foo".split())).map(" ".join))  # noqa: SIM905
def test_whatever_is_written_has_an_outcome(expression):
    assert LicenseRule(["MIT"], alone=True).judge(expression) in Outcome


expressions = st.recursive(
    st.sampled_from(["MIT", "Apache-2.0", "ISC", "NOASSERTION"]),
    lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=6,
)


@given(expressions, st.sets(st.sampled_from(["MIT", "Apache-2.0", "ISC"])))
def test_what_must_be_used_under_them_is_what_must_not_be_used_with_and_and_or_exchanged(expression, listed):
    exchanged = expression.replace("AND", "or").replace("OR ", "AND ")
    under_them = LicenseRule(listed, alone=True).judge(exchanged)
    assert LicenseRule(listed, alone=False).judge(expression) is opposite(under_them)


@given(expressions, st.sets(st.sampled_from(["MIT", "Apache-2.0", "ISC"])), st.sampled_from(["MIT", "ISC"]))
def test_listing_one_more_allows_more_and_forbids_more(expression, listed, more):
    before, after = LicenseRule(listed, alone=True), LicenseRule(listed | {more}, alone=True)
    assert not (before.judge(expression) is TRUE and after.judge(expression) is not TRUE)
    before, after = LicenseRule(listed, alone=False), LicenseRule(listed | {more}, alone=False)
    assert not (before.judge(expression) is FALSE and after.judge(expression) is not FALSE)


def test_every_spelling_has_one_canonical_name_that_stays_as_it_is():
    for name in (
        "AGPL-3.0",
        "GPL-2.0+",
        "bsd-2-clause-freebsd",
        "Apache-2.0+",
        "Docker EULA",
        "LicenseRef-A",
        "Net-SNMP",
    ):
        assert canonical(canonical(name)) == canonical(name)
