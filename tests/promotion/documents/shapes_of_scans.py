"""Reports in the shapes in which scanners write them, small; each function names where its shape is from."""

from tests.promotion.documents.digests import AMD, OTHER


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


def trivy_suppressed(status="ignored", kind="vulnerability", **changed):
    """What `trivy image --show-suppressed` lists in a result beside what it found (pkg/types/finding.go)."""
    return {
        "Type": kind,
        "Status": status,
        "Statement": "nobody calls it",
        "Source": ".trivyignore",
        "Finding": trivy_vulnerability(**changed),
    }


def grype(matches=None, digests=(), ignored=(), kind="image", **target):
    """`grype -o json` (anchore/grype, grype/presenter/models/document.go)."""
    rule = {"vulnerability": "CVE-1", "fix-state": "unknown"}
    return {
        "matches": [grype_match()] if matches is None else matches,
        "ignoredMatches": [{**match, "appliedIgnoreRules": [rule]} for match in ignored],
        "source": {
            "type": kind,
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


def cosign_vulnerabilities(result, finished="2026-01-04T10:05:00Z"):
    """`cosign attest --type vuln` (sigstore/cosign, specs/COSIGN_VULN_ATTESTATION_SPEC.md)."""
    return {
        "invocation": {"parameters": None, "uri": "https://ci.example.com/1", "event_id": "", "builder.id": ""},
        "scanner": {"uri": "pkg:github/aquasecurity/trivy@0.66.0", "version": "0.66.0", "db": {}, "result": result},
        "metadata": {"scanStartedOn": "2026-01-04T10:00:00Z", "scanFinishedOn": finished},
    }
