"""Three example repositories with real manifests, for the demo: two that follow their images, one that does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.model import BranchProtection, Repository, RequiredCheck

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

REQUIRED_CHECK = "ci"


@dataclass(frozen=True, slots=True)
class Seeds:
    """The planted repositories."""

    shop: Repository
    blog: Repository
    infra: Repository


async def plant(sandbox: Sandbox, host: str, *, api: str = "1.4.0", web: str = "2.0.0", blog: str = "0.9.1") -> Seeds:
    """Make ``acme/shop``, ``acme/blog`` and ``acme/infra``, whose images come from ``host`` at these tags.

    The shop's and the blog's default branches require the check ``ci``; the infra repository has no policy file.
    """
    values = {"host": host, "api": api, "web": web, "blog": blog}
    planted = [
        await sandbox.add_repository(name, {path: _filled(text, values) for path, text in files.items()})
        for name, files in FILES.items()
    ]
    for repository in planted[:2]:
        protection = BranchProtection(required_checks=[RequiredCheck(REQUIRED_CHECK)])
        sandbox.world.rules.protect(repository, repository.default_branch, protection)
    return Seeds(*planted)


def _filled(text: str, values: dict[str, str]) -> bytes:
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text.encode()


SHOP_POLICIES = """\
# yaml-language-server: $schema=https://raw.githubusercontent.com/OWNER/niro-bot/main/config/policies.schema.json
version: 1

images:
  - image: <host>/acme/api
    range: 1.x
    pull-request:
      labels: [dependencies]
      auto-merge: true

  - image: <host>/acme/web
    range: ^2.0.0
    pull-request:
      auto-merge: true
"""

SHOP_API = """\
# The API of the shop, and the job that prepares its database.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
  labels: {app: api}
spec:
  replicas: 3
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      initContainers:
        - name: migrate
          image: <host>/acme/api:<api>   # the same release as the server
          args: [migrate, --wait]
      containers:
        - name: api
          image: "<host>/acme/api:<api>"
          ports:
            - containerPort: 8080
          env:
            - name: GREETING
              value: 'image: not-an-image:1.0'
          readinessProbe:
            httpGet: {path: /healthz, port: 8080}
---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector: {app: api}
  ports:
    - port: 80
      targetPort: 8080
"""

# Written on Windows: the line ends must survive an edit.
SHOP_WEB = """\
apiVersion: apps/v1\r
kind: Deployment\r
metadata:\r
    name: web\r
    namespace: shop\r
spec:\r
    replicas: 2\r
    selector:\r
        matchLabels:\r
            app: web\r
    template:\r
        metadata:\r
            labels:\r
                app: web\r
        spec:\r
            containers:\r
                - image: '<host>/acme/web:<web>'\r
                  name: web\r
                  ports:\r
                      - containerPort: 8080\r
                - image: docker.io/library/nginx:1.25.3\r
                  name: cache\r
"""

SHOP_REPORT = """\
{
  "apiVersion": "batch/v1",
  "kind": "CronJob",
  "metadata": {"name": "nightly-report", "namespace": "shop"},
  "spec": {
    "schedule": "15 3 * * *",
    "jobTemplate": {"spec": {"template": {"spec": {
      "restartPolicy": "Never",
      "containers": [{"name": "report", "image": "<host>/acme/api:<api>", "args": ["report"]}]
    }}}}
  }
}
"""

SHOP_PAGES = """\
# What a person adds in the demo: in good order, but for an image without a tag.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: pages
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: pages}
  template:
    metadata:
      labels: {app: pages}
    spec:
      containers:
        - name: pages
          image: <host>/acme/web
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {cpu: 500m, memory: 256Mi}
          readinessProbe: {httpGet: {path: /healthz, port: 8080}}
          livenessProbe: {httpGet: {path: /healthz, port: 8080}}
          securityContext:
            runAsNonRoot: true
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
"""

BLOG_POLICIES = """\
version: 1
images:
  - image: <host>/acme/blog
    range: "~0.9"
    pull-request: {auto-merge: true}
"""

BLOG = """\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: blog
spec:
  serviceName: blog
  replicas: 1
  selector: {matchLabels: {app: blog}}
  template:
    metadata: {labels: {app: blog}}
    spec:
      containers:
        - {name: blog, image: "<host>/acme/blog:<blog>"}
"""

INFRA = """\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-exporter
spec:
  selector: {matchLabels: {app: node-exporter}}
  template:
    metadata: {labels: {app: node-exporter}}
    spec:
      containers:
        - name: node-exporter
          image: <host>/acme/api:<api>
"""

FILES = {
    "acme/shop": {
        ".niro/policies.yml": SHOP_POLICIES,
        "README.md": "# Shop\n\nThe manifests of the shop.\n",
        "deploy/api.yaml": SHOP_API,
        "deploy/web.yml": SHOP_WEB,
        "deploy/jobs/report.yaml": SHOP_REPORT,
    },
    "acme/blog": {".niro/policies.yml": BLOG_POLICIES, "kubernetes/blog.yaml": BLOG},
    "acme/infra": {"daemonset.yaml": INFRA, "README.md": "# Infra\n\nNo policy file: the bot does nothing here.\n"},
}
