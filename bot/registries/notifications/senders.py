"""The one table of hooks: for each kind how a call is read and proven, which host it speaks of, where it is set up."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.registries.notifications import (
    amazon,
    azure,
    cloud_events,
    distribution,
    docker_hub,
    generic,
    google,
    harbor,
    jfrog,
    mirantis,
    nexus,
    quay,
    scan,
    zot,
)
from bot.registries.notifications.kinds import HookKind, Proof
from bot.registries.notifications.reading import Payload


@dataclass(frozen=True, slots=True)
class Sender:
    """Who calls the hooks of one kind.

    name: as people call it. read: takes a payload and the hook's host, and returns the names of the images that were
    pushed, each with its host, raising UnreadableNotification. proof: how a call proves itself. where: a sentence that
    says where the address (and the signing secret) are pasted, and which events are ticked. host: whose images its
    hooks speak of unless another is given; None: one has to be given. fixed: no other host may be given.
    binary_events: it may send CloudEvents whose type stands in a header. scans: takes what `read` takes and returns the
    names of the images whose scan is done, each with its digest or ""; None: it never tells of one. needs_prefix: its
    hooks must name the repositories they speak of. largest_body: how many bytes a call may have.
    """

    name: str
    read: Callable[[Payload, str], Iterable[str]]
    proof: Proof
    where: str
    host: str | None = None
    fixed: bool = False
    binary_events: bool = False
    scans: Callable[[Payload, str], Iterable[tuple[str, str]]] | None = None
    needs_prefix: bool = False
    largest_body: int = 1024 * 1024


SENDERS: Mapping[HookKind, Sender] = {
    HookKind.DOCKER_HUB: Sender(
        name="Docker Hub",
        read=docker_hub.images,
        proof=Proof.ADDRESS,
        where="On Docker Hub open the repository, then Webhooks; paste the address and choose Create.",
        host="docker.io",
        fixed=True,
    ),
    HookKind.QUAY: Sender(
        name="Quay",
        read=quay.images,
        proof=Proof.ADDRESS,
        where=(
            "In Quay open the repository's settings, then Create Notification: the event Push to Repository, the"
            " method Webhook POST; paste the address and leave the body template empty."
        ),
        host="quay.io",
    ),
    HookKind.HARBOR: Sender(
        name="Harbor",
        read=harbor.images,
        proof=Proof.HEADER,
        where=(
            "In Harbor open the project, then Webhooks, New Webhook: notify type http, either payload format, the"
            " events Artifact pushed and, for promotions, Scanning finished; paste the address as endpoint URL and the"
            " signing secret as Auth Header."
        ),
        scans=harbor.scans,
    ),
    HookKind.AZURE: Sender(
        name="Azure Container Registry",
        read=azure.images,
        proof=Proof.HEADER,
        where=(
            "In the Azure portal open the registry, then Webhooks, Add: the action push; paste the address as service"
            " URI and write `Authorization: Bearer ` and the signing secret as custom header."
        ),
    ),
    HookKind.GOOGLE: Sender(
        name="Google Artifact Registry",
        read=google.images,
        proof=Proof.GOOGLE,
        where=(
            "In Google Cloud create a push subscription of the topic `gcr`: paste the address as endpoint and enable"
            " authentication with the hook's service account and audience."
        ),
    ),
    HookKind.AMAZON: Sender(
        name="Amazon ECR",
        read=amazon.images,
        proof=Proof.HEADER,
        where=(
            "In EventBridge create an API destination with the address and the method POST, its connection with basic"
            " authorization: the user niro, the signing secret as password. Add a rule for the source aws.ecr and the"
            " detail type `ECR Image Action` that has it as target; for promotions also one for `ECR Image Scan`, or"
            " for the source aws.inspector2 and `Inspector2 Scan`."
        ),
        scans=amazon.scans,
    ),
    HookKind.NEXUS: Sender(
        name="Sonatype Nexus",
        read=nexus.images,
        proof=Proof.NEXUS,
        where=(
            "In Nexus open Administration, System, Capabilities and create Webhook: Repository for the Docker"
            " repository with the event types component and asset; paste the address as URL and the signing secret as"
            " secret key."
        ),
    ),
    HookKind.JFROG: Sender(
        name="JFrog Artifactory",
        read=jfrog.images,
        proof=Proof.JFROG,
        where=(
            "In the JFrog Platform open Administration, General, Webhooks, New Webhook: the event Docker tag was"
            " pushed; paste the address as URL and the signing secret as secret token, and tick Use secret for payload"
            " signing."
        ),
    ),
    HookKind.GITLAB: Sender(
        name="GitLab's registry, self-managed",
        read=distribution.images,
        proof=Proof.HEADER,
        where=(
            "In gitlab.rb add an endpoint to registry['notifications'] with the address as url and the signing secret"
            " as its header Authorization; then run gitlab-ctl reconfigure."
        ),
    ),
    HookKind.DISTRIBUTION: Sender(
        name="CNCF Distribution",
        read=distribution.images,
        proof=Proof.HEADER,
        where=(
            "In the registry's configuration add an endpoint to notifications with the address as url and the signing"
            " secret as its header Authorization; then restart the registry."
        ),
    ),
    HookKind.ZOT: Sender(
        name="zot",
        read=zot.images,
        proof=Proof.HEADER,
        where=(
            "In zot's configuration enable extensions.events and add a sink of the type http with the address, its"
            " credentials the username niro and the signing secret as password; then restart zot."
        ),
        binary_events=True,
    ),
    HookKind.MIRANTIS: Sender(
        name="Mirantis Secure Registry",
        read=mirantis.images,
        proof=Proof.ADDRESS,
        where=(
            "In MSR 2 or 3 open the repository, then Webhooks, New Webhook: the event Tag pushed to repository; paste"
            " the address. For promotions do the same with the event Security scan completed. MSR 4 is a Harbor: use"
            " that kind."
        ),
        scans=mirantis.scans,
    ),
    HookKind.GENERIC: Sender(
        name="your own script",
        read=generic.images,
        proof=Proof.GENERIC,
        where=(
            'Post `{"image": "HOST/REPOSITORY", "tag": "TAG"}` to the address with the header'
            " `X-Signature: sha256=` and the body's HMAC-SHA256 in hexadecimal, its key the signing secret."
        ),
    ),
    HookKind.CLOUD_EVENTS: Sender(
        name="CloudEvents",
        read=cloud_events.images,
        proof=Proof.HEADER,
        where=(
            'Send events with the data `{"image": "HOST/REPOSITORY", "tag": "TAG"}` to the address, with the header'
            " `Authorization: Bearer ` and the signing secret."
        ),
        binary_events=True,
    ),
    HookKind.SCAN: Sender(
        name="your own scans",
        read=scan.images,
        proof=Proof.GENERIC,
        where=(
            "After a scan in CI post the JSON report of Trivy or Grype to the address with the header"
            " `X-Signature: sha256=` and the body's HMAC-SHA256 in hexadecimal, its key the signing secret. It counts"
            " for promotions whose `evidence` lists `report`."
        ),
        needs_prefix=True,
        largest_body=32 * 1024 * 1024,
    ),
}
