"""Pods with images of a private registry, and no pull secret for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings import fixes
from bot.findings.filling import is_named_otherwise
from bot.findings.naming import named
from bot.findings.patching import may_be_patched
from bot.findings.registries import is_known_private, lies_in
from bot.findings.rule import Asked, Found, Page, PodRule, lines_of
from bot.manifests.references import reference_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.findings.subjects import Pod
    from bot.findings.view import View
    from bot.images import ImageReference

_FIELD: Final = "imagePullSecrets"
_DEFAULT: Final = "default"
_MOST_SHOWN: Final = 3


def _look(pod: Pod, asked: Asked) -> Iterator[Found]:
    if pod.is_partial:
        return
    private = [(view, image) for view, image in _images(pod) if _is_private(image, asked)]
    secrets = pod.spec.at(_FIELD)
    if not private or not _are_missing(secrets) or not _account_lacks(pod, asked) or may_be_patched(asked, pod, _FIELD):
        return
    names = _names([image for _, image in private], asked)
    yield Found(
        lines_of(secrets, private[0][0]),
        secrets.way,
        _message([image for _, image in private]),
        _mend(names),
        fixes.pull_secrets(pod, names, asked.file) if names else None,
        about=tuple(sorted({image.host.lower() for _, image in private})),
    )


def _images(pod: Pod) -> Iterator[tuple[View, ImageReference]]:
    """Give the images of a pod, those of image volumes too, each with its value; none that are not told."""
    views = [each.view.at("image") for each in pod.containers]
    views += [each.at("image", "reference") for each in pod.spec.at("volumes").elements()]
    for view in views:
        reference = reference_in(view.text.rstrip("\n")) if view.text else None
        if reference is not None:
            yield view, reference


def _is_private(image: ImageReference, asked: Asked) -> bool:
    if lies_in(image, asked.option("allow")):
        return False
    is_private = lies_in(image, asked.option("private")) or is_known_private(image)
    return is_private and not is_named_otherwise(image.original, asked.file.path, asked)


def _are_missing(secrets: View) -> bool:
    """Whether certainly no secret is named: nothing stands there, or only what names none."""
    if not secrets.is_list:
        return secrets.is_absent
    return all(_names_nothing(each) for each in secrets.elements())


def _names_nothing(entry: View) -> bool:
    if not entry.is_mapping:
        return entry.is_absent
    name = entry.at("name")
    return name.is_absent or (name.is_there and not name.is_list and not name.is_mapping and not name.text)


def _account_lacks(pod: Pod, asked: Asked) -> bool:
    """Whether the pod's service account names no secret. One that is named and stands elsewhere may well name some."""
    named_by = (pod.spec.at("serviceAccountName"), pod.spec.at("serviceAccount"))
    if any(each.is_doubtful or each.is_residue or each.is_list or each.is_mapping for each in named_by):
        return False
    accounts = asked.surroundings.accounts(pod.owner.namespace, pod.service_account)
    return not any(each.pull_secrets for each in accounts) if accounts else pod.service_account == _DEFAULT


def _names(private: Sequence[ImageReference], asked: Asked) -> tuple[str, ...]:
    """List the secrets that the images need; none where that is not known of each of them."""
    each = [asked.known.secrets(image) for image in private]
    return tuple(dict.fromkeys(name for names in each for name in names)) if all(each) else ()


def _message(private: Sequence[ImageReference]) -> str:
    images = list(dict.fromkeys(image.original for image in private))
    shown = ", ".join(named(image) for image in images[:_MOST_SHOWN])
    more = f" and {len(images) - _MOST_SHOWN} more" if len(images) > _MOST_SHOWN else ""
    hosts = [named(host) for host in sorted({image.host for image in private})[:_MOST_SHOWN]]
    are = "are" if len(hosts) > 1 else "is"
    known = f"{' and '.join(hosts)} {are} known to be private"
    return f"No pull secret is named for {shown}{more}: {known}, and the pod may fail to start."


def _mend(names: tuple[str, ...]) -> str:
    if names:
        return f"Name {' and '.join(named(name) for name in names)} under `imagePullSecrets`."
    return (
        "Name a pull secret under `imagePullSecrets`, of the pod spec or of its service account. Where the images are"
        " public or the nodes bring the credential, put the registry into `allow`."
    )


RULE = PodRule(
    "public-image-no-credential",
    _look,
    Page(
        why="Some registries hold mostly private images: GitHub's (`ghcr.io`), Amazon's (`*.dkr.ecr.*`), Google's"
        " (`gcr.io`, `*-docker.pkg.dev`) and `quay.io`. Without a pull secret the pod stays in `ImagePullBackOff`,"
        " unless the image is public or the node has a credential.",
        mend="Name a Secret of type `kubernetes.io/dockerconfigjson` under `imagePullSecrets` of the pod spec, or of"
        " its ServiceAccount. With the registry and the Secret's name among `pull-secrets` of the policy file, the"
        " finding comes with the change that mends it. Where images need no secret, put their registry into `allow`.",
        silent=(
            "A pull secret is named, by the pod spec or by its service account in the repository.",
            "The service account is named and not found in the repository: it may name a secret.",
            "A kustomization takes the file in, and a patch of it may name a secret or the image another.",
            "A registry among `allow` covers the image: public, or known to the nodes (EKS, GKE, AKS).",
            "A public corner is meant: `gcr.io/distroless`, `gcr.io/google-containers`, `k8s.gcr.io`, `mirror.gcr.io`.",
            "A well-known project publishes there for everybody: Prometheus, cert-manager, Argo, Flux, Tekton, Istio.",
            "The image or the list of secrets is a template, or the pod spec a patch.",
        ),
        sources=(
            "Kubernetes, Pull an Image from a Private Registry.",
            "Kubernetes, Configure Service Accounts for Pods: Add ImagePullSecrets to a service account.",
            "Kubernetes, Configure a kubelet image credential provider.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  imagePullSecrets: [{name: ghcr}]
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
    ),
)
