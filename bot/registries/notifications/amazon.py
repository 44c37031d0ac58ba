"""What EventBridge passes on when something happened in Amazon ECR."""

import re

from bot.registries.notifications.reading import Payload, text_at, wanted_text

# The events that tell of a new image, each with the field that says how it went.
_ADDING = {
    "ECR Image Action": "result",
    "ECR Replication Action": "result",
    "ECR Pull Through Cache Action": "sync-status",
}
# The events that tell of a scan, by ECR itself and by Amazon Inspector, each with how a scan that is done is called.
_SCANNED = {"ECR Image Scan": "COMPLETE", "Inspector2 Scan": "INITIAL_SCAN_COMPLETE"}
_ACTIONS = {None, "PUSH", "REPLICATE"}
_ARN = re.compile(r"arn:[a-z-]+:ecr:[a-z0-9-]+:[0-9]{12}:repository/")
_HOST = re.compile(r"(?P<account>[0-9]{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z.]+")


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read an event of ECR: a push, or a copy that arrived; one of a scan, a deletion or a failure is none.

    A registry has several hosts, for FIPS and for IPv6; the hook's is meant where account and region are the same.
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html,
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
    """
    outcome = _ADDING.get(wanted_text(payload, "detail-type"))
    if outcome is None or text_at(payload, "detail", outcome) != "SUCCESS":
        return ()
    if text_at(payload, "detail", "action-type") not in _ACTIONS:
        return ()
    registry = _host(wanted_text(payload, "account"), wanted_text(payload, "region"), host)
    return (f"{registry}/{wanted_text(payload, 'detail', 'repository-name')}",)


def scans(payload: Payload, host: str) -> tuple[tuple[str, str], ...]:
    """Read an event of a scan that is done, basic or enhanced: the image and the digest that was scanned.

    Inspector names the repository by its ARN, `arn:aws:ecr:REGION:ACCOUNT:repository/NAME`. What Inspector finds out
    later (Inspector2 Finding) names nothing: there is an event for each vulnerability.
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html,
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
    """
    done = _SCANNED.get(wanted_text(payload, "detail-type"))
    if done is None or text_at(payload, "detail", "scan-status") != done:
        return ()
    registry = _host(wanted_text(payload, "account"), wanted_text(payload, "region"), host)
    name = _ARN.sub("", wanted_text(payload, "detail", "repository-name"))
    return ((f"{registry}/{name}", text_at(payload, "detail", "image-digest") or ""),)


def _host(account: str, region: str, host: str) -> str:
    named = _HOST.fullmatch(host)
    if named is not None and (named["account"], named["region"]) == (account, region):
        return host
    return f"{account}.dkr.ecr.{region}.amazonaws.com"
