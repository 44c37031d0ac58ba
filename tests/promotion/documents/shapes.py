"""Documents in the shapes in which tools write them, small; each function names where its shape is from."""

import base64
import json

AMD, ARM, INDEX, OTHER = (f"sha256:{letter * 64}" for letter in "abcd")


def encoded(document):
    return json.dumps(document).encode()


def trivy(vulnerabilities=None, digests=(), platform=("linux", "amd64"), **changed):
    """`trivy image --format json`, SchemaVersion 2 (aquasecurity/trivy, pkg/types/report.go)."""
    system, architecture = platform
    found = vulnerabilities if vulnerabilities is not None else [trivy_vulnerability()]
    return {
        "SchemaVersion": 2,
        "Trivy": {"Version": "0.66.0"},
        "CreatedAt": "2026-01-04T10:00:00.123456789Z",
        "ArtifactName": "ghcr.io/o/app:1.2-stable",
        "ArtifactType": "container_image",
        "Metadata": {
            "OS": {"Family": "alpine", "Name": "3.22.1"},
            "ImageID": "sha256:" + "e" * 64,
            "RepoTags": ["ghcr.io/o/app:1.2-stable"],
            "RepoDigests": [f"ghcr.io/o/app@{digest}" for digest in digests],
            "ImageConfig": {"architecture": architecture, "os": system, "config": {}},
        },
        "Results": [
            {"Target": "app (alpine 3.22.1)", "Class": "os-pkgs", "Type": "alpine", "Vulnerabilities": found},
            {"Target": "Node.js", "Class": "lang-pkgs", "Type": "node-pkg"},
        ],
        **changed,
    }


def trivy_vulnerability(**changed):
    return {
        "VulnerabilityID": "CVE-2026-1000",
        "VendorIDs": ["ALPINE-77"],
        "PkgID": "libssl3@3.5.1-r0",
        "PkgName": "libssl3",
        "PkgIdentifier": {"PURL": "pkg:apk/alpine/libssl3@3.5.1-r0?arch=x86_64&distro=3.22.1", "UID": "1"},
        "InstalledVersion": "3.5.1-r0",
        "FixedVersion": "3.5.2-r0",
        "Status": "fixed",
        "SeveritySource": "nvd",
        "Severity": "CRITICAL",
        "CVSS": {"ghsa": {"V3Score": 9.1}, "nvd": {"V2Score": 5.0, "V3Vector": "CVSS:3.1/...", "V3Score": 9.8}},
        **changed,
    }


def grype(matches=None, digests=(), **target):
    """`grype -o json` (anchore/grype, grype/presenter/models/document.go)."""
    return {
        "matches": [grype_match()] if matches is None else matches,
        "source": {
            "type": "image",
            "target": {
                "userInput": "ghcr.io/o/app:1.2",
                "imageID": "sha256:" + "e" * 64,
                "manifestDigest": OTHER,
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "repoDigests": [f"ghcr.io/o/app@{digest}" for digest in digests],
                "architecture": "amd64",
                "os": "linux",
                **target,
            },
        },
        "distro": {"name": "debian", "version": "13", "idLike": []},
        "descriptor": {
            "name": "grype",
            "version": "0.99.1",
            "db": {"status": {"built": "2026-01-04T00:00:00Z"}},
            "timestamp": "2026-01-04T11:30:00.5+01:00",
        },
    }


def grype_match(**changed):
    return {
        "vulnerability": {
            "id": "GHSA-aaaa-bbbb-cccc",
            "namespace": "github:language:java",
            "severity": "High",
            "cvss": [{"version": "3.1", "metrics": {"baseScore": 7.5, "exploitabilityScore": 3.9}}],
            "fix": {"versions": ["2.17.1"], "state": "fixed"},
            **changed,
        },
        "relatedVulnerabilities": [
            {"id": "CVE-2021-44832", "namespace": "nvd:cpe", "cvss": [{"metrics": {"baseScore": 6.6}}]}
        ],
        "matchDetails": [{"type": "exact-direct-match"}],
        "artifact": {
            "name": "log4j-core",
            "version": "2.17.0",
            "type": "java-archive",
            "purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.17.0",
        },
    }


def harbor(**changed):
    """HarborVulnerabilityReport (goharbor/pluggable-scanner-spec, api/spec/scanner-adapter-openapi-v1.1.yaml)."""
    return {
        "generated_at": "2026-01-04T12:00:00.000000Z",
        "artifact": {"repository": "dev/website", "digest": AMD},
        "scanner": {"name": "Trivy", "vendor": "Aqua Security", "version": "v0.61.0"},
        "severity": "High",
        "vulnerabilities": [
            {
                "id": "CVE-2026-2000",
                "package": "openssl",
                "version": "3.0.1",
                "fix_version": "3.0.2",
                "severity": "High",
                "description": "...",
                "links": ["https://avd.aquasec.com/nvd/cve-2026-2000"],
                "preferred_cvss": {"score_v3": 8.1, "score_v2": None, "vector_v3": "CVSS:3.1/...", "vector_v2": ""},
                "cwe_ids": ["CWE-79"],
            }
        ],
        **changed,
    }


def harbor_answer(report=None):
    """The answer of Harbor 2's /additions/vulnerabilities (goharbor/harbor, api/v2.0/swagger.yaml)."""
    return {"application/vnd.security.vulnerability.report; version=1.1": report or harbor()}


def amazon(findings, status="COMPLETE", **changed):
    """DescribeImageScanFindings (Amazon ECR API Reference), times as the JSON protocol writes them."""
    return {
        "registryId": "123456789012",
        "repositoryName": "dev/website",
        "imageId": {"imageDigest": AMD},
        "imageScanStatus": {"status": status, "description": "The scan was completed successfully."},
        "imageScanFindings": {"imageScanCompletedAt": 1767528000.0, "findingSeverityCounts": {"HIGH": 1}, **findings},
        **changed,
    }


def amazon_basic():
    """Basic scanning: ImageScanFinding of the Amazon ECR API Reference."""
    finding = {
        "name": "CVE-2019-5188",
        "uri": "http://people.ubuntu.com/~ubuntu-security/cve/CVE-2019-5188",
        "severity": "MEDIUM",
        "attributes": [
            {"key": "package_version", "value": "1.44.1-1ubuntu1.1"},
            {"key": "package_name", "value": "e2fsprogs"},
            {"key": "CVSS2_VECTOR", "value": "AV:L/AC:L/Au:N/C:P/I:P/A:P"},
            {"key": "CVSS2_SCORE", "value": "4.6"},
        ],
    }
    return amazon({"findings": [finding]})


def amazon_enhanced(status="ACTIVE"):
    """Enhanced scanning: EnhancedImageScanFinding of the Amazon ECR API Reference."""
    finding = {
        "severity": "HIGH",
        "score": 7.5,
        "status": status,
        "type": "PACKAGE_VULNERABILITY",
        "packageVulnerabilityDetails": {
            "vulnerabilityId": "CVE-2026-3000",
            "relatedVulnerabilities": [],
            "cvss": [{"baseScore": 8.8, "version": "3.1", "source": "NVD"}],
            "vulnerablePackages": [
                {"name": "libxml2", "version": "2.9.14", "arch": "X86_64", "packageManager": "OS"},
                {"name": "libxml2-utils", "version": "2.9.14", "arch": "X86_64", "packageManager": "OS"},
            ],
        },
        "resources": [{"type": "AWS_ECR_CONTAINER_IMAGE", "details": {"awsEcrContainerImage": {"imageHash": AMD}}}],
    }
    return amazon({"enhancedFindings": [finding]}, status="ACTIVE")


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


def openvex(products=None, status="not_affected", **changed):
    """OpenVEX 0.2.0 (openvex/spec, OPENVEX-SPEC.md)."""
    statement = {
        "vulnerability": {"name": "CVE-2026-1000", "aliases": ["GHSA-aaaa-bbbb-cccc"]},
        "products": [{"@id": "pkg:oci/app?repository_url=ghcr.io%2Fo%2Fapp"}] if products is None else products,
        "status": status,
        "justification": "vulnerable_code_not_in_execute_path",
    }
    return {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://openvex.dev/docs/public/vex-1",
        "author": "Security <security@example.com>",
        "timestamp": "2026-01-03T00:00:00.000000001Z",
        "version": 1,
        "statements": [statement | changed],
    }


def cosign_vulnerabilities(result, finished="2026-01-04T10:05:00Z"):
    """`cosign attest --type vuln` (sigstore/cosign, specs/COSIGN_VULN_ATTESTATION_SPEC.md)."""
    return {
        "invocation": {"parameters": None, "uri": "https://ci.example.com/1", "event_id": "", "builder.id": ""},
        "scanner": {"uri": "pkg:github/aquasecurity/trivy@0.66.0", "version": "0.66.0", "db": {}, "result": result},
        "metadata": {"scanStartedOn": "2026-01-04T10:00:00Z", "scanFinishedOn": finished},
    }


def statement(predicate, subject=AMD, predicate_type="https://spdx.dev/Document", version="v0.1"):
    """An in-toto statement (in-toto/attestation); BuildKit writes v0.1, with a package URL as the subject's name."""
    return {
        "_type": f"https://in-toto.io/Statement/{version}",
        "predicateType": predicate_type,
        "subject": [
            {
                "name": "pkg:docker/ghcr.io/o/app@1.2?platform=linux%2Famd64",
                "digest": {"sha256": subject.removeprefix("sha256:")},
            }
        ],
        "predicate": predicate,
    }


def envelope(document, payload_type="application/vnd.in-toto+json"):
    """A DSSE envelope as cosign writes it (secure-systems-lab/dsse, envelope.md)."""
    payload = base64.b64encode(encoded(document)).decode()
    return {"payloadType": payload_type, "payload": payload, "signatures": [{"keyid": "", "sig": "MEUCIQ=="}]}


def bundle(document):
    """A Sigstore bundle as an OCI referrer holds it (sigstore/protobuf-specs, sigstore_bundle.proto)."""
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"certificate": {"rawBytes": "MIIC"}, "tlogEntries": []},
        "dsseEnvelope": envelope(document),
    }
