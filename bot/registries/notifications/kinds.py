"""The kinds of registry hooks, and the ways in which a call of one proves who made it."""

from enum import Enum, StrEnum


class HookKind(StrEnum):
    """Who calls. It stands in the hook's address, after `niro hooks add`, and in what a stored hook keeps."""

    DOCKER_HUB = "dockerhub"
    QUAY = "quay"
    HARBOR = "harbor"
    AZURE = "acr"
    GOOGLE = "gar"
    AMAZON = "ecr"
    NEXUS = "nexus"
    JFROG = "jfrog"
    GITLAB = "gitlab"
    DISTRIBUTION = "distribution"
    ZOT = "zot"
    MIRANTIS = "msr"
    GENERIC = "generic"
    CLOUD_EVENTS = "cloudevents"
    SCAN = "scan"


class Proof(Enum):
    """How a call proves that it comes from the hook's registry, beside knowing the hook's address."""

    ADDRESS = "the secret in the address is all there is"
    HEADER = "the signing secret stands in the Authorization header"
    NEXUS = "X-Nexus-Webhook-Signature holds the HMAC-SHA1 of the body"
    JFROG = "X-JFrog-Event-Auth holds the HMAC-SHA256 of the body, or the signing secret"
    GENERIC = "X-Signature holds the HMAC-SHA256 or HMAC-SHA512 of the body"
    GOOGLE = "Authorization holds a token that Google signed for the hook's audience and account"

    @property
    def signs(self) -> bool:
        """Whether the registry has to be told a signing secret, which the bot keeps sealed."""
        return self not in {Proof.ADDRESS, Proof.GOOGLE}
