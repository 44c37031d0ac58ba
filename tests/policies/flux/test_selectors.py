"""policySelector: labels as Kubernetes selects by them."""

import pytest

LABELS = {"team": "a", "tier": "web", "empty": ""}


def expression(key, operator, *values):
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


@pytest.mark.parametrize(
    ("selector", "taken"),
    [
        (None, True),
        ({}, True),
        ({"matchLabels": {}}, True),
        ({"matchLabels": {"team": "a"}}, True),
        ({"matchLabels": {"team": "a", "tier": "web"}}, True),
        ({"matchLabels": {"team": "a", "tier": "db"}}, False),
        ({"matchLabels": {"empty": ""}}, True),
        ({"matchLabels": {"none": ""}}, False),
        (expression("team", "In", "a", "b"), True),
        (expression("team", "In", "b"), False),
        (expression("none", "In", "a"), False),
        (expression("team", "NotIn", "a"), False),
        (expression("team", "NotIn", "b"), True),
        (expression("none", "NotIn", "a"), True),
        (expression("team", "Exists"), True),
        (expression("none", "Exists"), False),
        (expression("team", "DoesNotExist"), False),
        (expression("none", "DoesNotExist"), True),
        ({"matchLabels": {"team": "a"}, **expression("tier", "In", "db")}, False),
        ({"matchLabels": {"team": "a"}, **expression("tier", "In", "web")}, True),
    ],
)
def test_a_policy_is_taken_by_its_labels(flux, selector, taken):
    policy = flux.one(flux.policy(labels=LABELS), flux.automation(policySelector=selector))

    assert (policy.grouped_under == "apps:all") is taken


@pytest.mark.parametrize(
    ("selector", "key"),
    [
        (["a"], "policySelector"),
        ({"matchLabels": ["a"]}, "matchLabels"),
        ({"matchLabels": {"a": ["b"]}}, "a"),
        ({"matchExpressions": {"a": "b"}}, "matchExpressions"),
        ({"matchExpressions": ["a"]}, "matchExpressions"),
        (expression("a", "Like", "b"), "operator"),
        (expression("a", None, "b"), "operator"),
        (expression(None, "Exists"), "key"),
        (expression("a", "In"), "operator"),
        (expression("a", "NotIn"), "operator"),
        (expression("a", "Exists", "b"), "values"),
        (expression("a", "In", ["b"]), "values"),
    ],
)
def test_a_selector_that_kubernetes_does_not_take_is_refused(flux, selector, key):
    with pytest.raises(ValueError, match=r"flux\.yaml: line") as caught:
        flux.load(flux.automation(policySelector=selector))

    assert key in {problem.key for problem in caught.value.problems}


@pytest.mark.parametrize("labels", [["a"], {"a": ["b"]}])
def test_labels_are_texts(flux, labels):
    assert flux.refusal(flux.repository(), flux.policy(labels=labels)).key in {"labels", "a"}
