"""Registries whose images are known to need a credential, and the corners of them that are public."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.policies.findings import RegistryPrefix

if TYPE_CHECKING:
    from bot.images import ImageReference
    from bot.policies.findings import OptionValue

_REGION: Final = r"[a-z]{2,5}(?:-[a-z]{1,20}){1,2}-[0-9]{1,2}"
_PRIVATE: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # GitHub Docs, "Working with the Container registry".
        r"ghcr\.io",
        # Red Hat, "Use Quay.io": repositories are private unless they are made public.
        r"quay\.io",
        # AWS General Reference, "Amazon ECR endpoints and quotas"; Amazon ECR User Guide, "Making requests to Amazon
        # ECR registries". public.ecr.aws is not of this form.
        rf"[0-9]{{12}}\.dkr\.ecr(?:-fips)?\.{_REGION}\.amazonaws\.(?:com|com\.cn|eu)",
        rf"[0-9]{{12}}\.dkr-ecr(?:-fips)?\.{_REGION}\.on\.(?:aws|amazonwebservices\.com\.cn)",
        # Google Cloud, "Transition from Container Registry". Public: mirror.gcr.io, marketplace.gcr.io, k8s.gcr.io.
        r"(?:(?:us|eu|asia)\.)?gcr\.io",
        # Google Cloud, Artifact Registry, "Repository and image names": a region or a multi-region before it.
        r"[a-z]{2,20}(?:-[a-z]{2,20}[0-9]{1,2})?-docker\.pkg\.dev",
    )
)
_PUBLIC: Final = (
    # Kubernetes blog, "k8s.gcr.io Image Registry Will Be Frozen": what it was the name of.
    RegistryPrefix("gcr.io", "google-containers"),
    RegistryPrefix("gcr.io", "google_containers"),
    # github.com/GoogleContainerTools/distroless, README.
    RegistryPrefix("gcr.io", "distroless"),
    # github.com/GoogleContainerTools/kaniko, README.
    RegistryPrefix("gcr.io", "kaniko-project"),
    # Google Cloud, Cloud Build, "Cloud builders", and "Install the Google Cloud CLI Docker image".
    RegistryPrefix("gcr.io", "cloud-builders"),
    RegistryPrefix("gcr.io", "google.com/cloudsdktool"),
    # github.com/GoogleCloudPlatform/kubernetes-engine-samples.
    RegistryPrefix("gcr.io", "google-samples"),
    RegistryPrefix("us-docker.pkg.dev", "google-samples"),
    RegistryPrefix("europe-docker.pkg.dev", "google-samples"),
    RegistryPrefix("asia-docker.pkg.dev", "google-samples"),
    # What follows are projects that publish their releases there for everybody, as each one's installation tells.
    # cert-manager, "Installation: kubectl apply"; the READMEs of Prometheus and of its operator; Argo CD, "Getting
    # started".
    RegistryPrefix("quay.io", "jetstack"),
    RegistryPrefix("quay.io", "prometheus"),
    RegistryPrefix("quay.io", "prometheus-operator"),
    RegistryPrefix("quay.io", "argoproj"),
    # Flux, "Air-gapped installation"; github.com/stefanprodan/podinfo, README.
    RegistryPrefix("ghcr.io", "fluxcd"),
    RegistryPrefix("ghcr.io", "stefanprodan"),
    # Tekton, "Migration to Github Container Registry".
    RegistryPrefix("ghcr.io", "tektoncd"),
    RegistryPrefix("gcr.io", "tekton-releases"),
    # Knative, "Installing Knative using YAML files"; Istio, "Air-gapped environments"; etcd, "Run etcd clusters inside
    # containers"; github.com/google/cadvisor, README; The Kubebuilder Book, kube-rbac-proxy.
    RegistryPrefix("gcr.io", "knative-releases"),
    RegistryPrefix("gcr.io", "istio-release"),
    RegistryPrefix("gcr.io", "etcd-development"),
    RegistryPrefix("gcr.io", "cadvisor"),
    RegistryPrefix("gcr.io", "kubebuilder"),
    # Google Cloud, Cloud Run, "Quickstart: Deploy to Cloud Run".
    RegistryPrefix("us-docker.pkg.dev", "cloudrun/container"),
)


def is_known_private(image: ImageReference) -> bool:
    """Whether an image lies in a registry that is known to ask for a credential, and in none of its public corners."""
    host = image.host.lower()
    if not any(pattern.fullmatch(host) for pattern in _PRIVATE):
        return False
    return not lies_in(image, _PUBLIC)


def lies_in(image: ImageReference, registries: OptionValue) -> bool:
    """Whether one of some registries, as a rule's option holds them, covers an image.

    Hosts are compared whole, and whatever their letters' case is (RFC 4343); repositories by their segments.
    """
    if not isinstance(registries, tuple):
        return False
    lowered = replace(image, host=image.host.lower())
    return any(
        isinstance(each, RegistryPrefix) and RegistryPrefix(each.host.lower(), each.path).covers(lowered)
        for each in registries
    )
