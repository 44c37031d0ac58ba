"""SBOMs in the shapes in which tools write them, small; each function names where its shape is from."""

from tests.promotion.documents.digests import AMD, INDEX


def spdx_package(name="zlib", **changed):
    """A package as Syft writes it (anchore/syft, SPDX 2.3 JSON)."""
    return {
        "name": name,
        "SPDXID": f"SPDXRef-Package-apk-{name}-0d3fee5f6cc0bed6",
        "versionInfo": "1.3.1-r2",
        "supplier": "Person: Natanael Copa (ncopa@alpinelinux.org)",
        "originator": "Person: Natanael Copa (ncopa@alpinelinux.org)",
        "downloadLocation": "https://zlib.net/",
        "filesAnalyzed": False,
        "sourceInfo": "acquired package info from APK DB: /lib/apk/db/installed",
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "Zlib",
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {
                "referenceCategory": "SECURITY",
                "referenceType": "cpe23Type",
                "referenceLocator": "cpe:2.3:a:zlib:zlib:1.3.1-r2:*:*:*:*:*:*:*",
            },
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": f"pkg:apk/alpine/{name}@1.3.1-r2?arch=x86_64&distro=alpine-3.22.1",
            },
        ],
        **changed,
    }


def spdx_image(digest=AMD, architecture="amd64"):
    """The image itself in an SPDX document, as Syft writes it."""
    return {
        "name": "ghcr.io/o/app",
        "SPDXID": "SPDXRef-DocumentRoot-Image-ghcr.io-o-app",
        "versionInfo": digest,
        "supplier": "NOASSERTION",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest.removeprefix("sha256:")}],
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": f"pkg:oci/ghcr.io%2Fo%2Fapp@{digest.replace(':', '%3A')}?arch={architecture}&tag=1",
            }
        ],
        "primaryPackagePurpose": "CONTAINER",
    }


def spdx(packages=None, **changed):
    """`syft -o spdx-json` (anchore/syft)."""
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "ghcr.io/o/app",
        "documentNamespace": "https://anchore.com/syft/image/ghcr.io/o/app-1",
        "creationInfo": {
            "licenseListVersion": "3.27",
            "creators": ["Organization: Anchore, Inc", "Tool: syft-1.33.0"],
            "created": "2026-01-04T09:00:00Z",
        },
        "packages": [spdx_package(), spdx_image()] if packages is None else packages,
        "files": [{"fileName": "bin/busybox", "SPDXID": "SPDXRef-File-1", "checksums": [{"algorithm": "SHA1"}]}],
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relatedSpdxElement": "SPDXRef-DocumentRoot-Image-ghcr.io-o-app",
                "relationshipType": "DESCRIBES",
            }
        ],
        **changed,
    }


def buildkit_spdx(packages=None):
    """What BuildKit's scanner attests (docker/buildkit-syft-scanner): its root is a folder, without a licence."""
    root = {
        "name": "sbom",
        "SPDXID": "SPDXRef-DocumentRoot-Directory-sbom",
        "copyrightText": "",
        "downloadLocation": "NOASSERTION",
        "primaryPackagePurpose": "FILE",
        "supplier": "NOASSERTION",
    }
    made = {"creators": ["Organization: Anchore, Inc", "Tool: syft-v0.105.0", "Tool: buildkit-v0.17.2"]}
    return spdx(
        [*(packages if packages is not None else [spdx_package()]), root],
        name="sbom",
        creationInfo=made | {"created": "2026-01-04T09:00:00Z"},
    )


def cyclonedx(components=None, vulnerabilities=None, properties=(), digest=INDEX, **changed):
    """`trivy image --format cyclonedx` (aquasecurity/trivy, docs/supply-chain/sbom)."""
    url = f"pkg:oci/app@{digest}?repository_url=ghcr.io%2Fo%2Fapp&arch=amd64"
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:2be5773d-7cd3-4b4b-90a5-e165474ddace",
        "version": 1,
        "metadata": {
            "timestamp": "2026-01-04T09:30:00+00:00",
            "tools": {"components": [{"type": "application", "name": "trivy", "version": "0.66.0"}]},
            "component": {
                "bom-ref": url,
                "type": "container",
                "name": "ghcr.io/o/app:1.2",
                "purl": url,
                "properties": [{"name": "aquasecurity:trivy:RepoDigest", "value": one} for one in properties],
            },
        },
        "components": [cyclonedx_component(), ALPINE, LOCK_FILE] if components is None else components,
        "dependencies": [],
        "vulnerabilities": vulnerabilities or [],
    }
    return document | changed


ALPINE = {
    "bom-ref": "3da6a469-964d-4b4e-b67d-e94ec7c88d37",
    "type": "operating-system",
    "name": "alpine",
    "version": "3.22.1",
}
LOCK_FILE = {"bom-ref": "8c51", "type": "application", "name": "app/package-lock.json"}


def cyclonedx_component(name="busybox", **changed):
    url = f"pkg:apk/alpine/{name}@1.37.0-r18?distro=3.22.1"
    return {
        "bom-ref": url,
        "type": "library",
        "name": name,
        "version": "1.37.0-r18",
        "licenses": [{"license": {"id": "GPL-2.0-only"}}],
        "purl": url,
        "hashes": [{"alg": "SHA-1", "content": "d3e5"}],
        **changed,
    }


def cyclonedx_vulnerability(state="", **changed):
    return {
        "id": "CVE-2026-4000",
        "source": {"name": "alpine", "url": "https://secdb.alpinelinux.org/"},
        "ratings": [
            {"source": {"name": "nvd"}, "score": 7.2, "severity": "high", "method": "CVSSv31"},
            {"source": {"name": "redhat"}, "score": 5.0, "severity": "medium", "method": "CVSSv31"},
        ],
        "references": [{"id": "GHSA-dddd-eeee-ffff", "source": {"name": "github"}}],
        "affects": [{"ref": "pkg:apk/alpine/busybox@1.37.0-r18?distro=3.22.1"}],
        **({"analysis": {"state": state}} if state else {}),
        **changed,
    }
