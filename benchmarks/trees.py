"""Generated trees of manifests: ten layouts in turn, two images in each file, none in every tenth."""

from __future__ import annotations

SHARED = "docker.io/envoyproxy/envoy"
"""The image that every file with images has, at `OLD_TAG`."""
OLD_TAG, NEW_TAG = "v1.31.0", "v1.32.0"
IMAGES_IN_TEN = 18

_DEPLOYMENT = """# Service {number} of the shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{number}
  namespace: shop
  labels: {{app: service-{number}}}
spec:
  replicas: 3
  selector:
    matchLabels: {{app: service-{number}}}
  template:
    metadata:
      labels: {{app: service-{number}}}
    spec:
      containers:
        - name: service
          image: ghcr.io/acme/service-{number}:1.4.2   # bumped by the bot
          ports:
            - containerPort: 8080
          readinessProbe:
            httpGet: {{path: /healthz, port: 8080}}
          env:
            - name: LOG_LEVEL
              value: info
            - name: DATABASE_URL
              valueFrom: {{secretKeyRef: {{name: database, key: url}}}}
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{memory: 256Mi}}
        - name: proxy
          image: "docker.io/envoyproxy/envoy:v1.31.0"{marker}
          args: [--config-path, /etc/envoy.yaml]
---
apiVersion: v1
kind: Service
metadata:
  name: service-{number}
spec:
  selector: {{app: service-{number}}}
  ports: [{{port: 80, targetPort: 8080}}]
"""

_CRON_JOB = """apiVersion: batch/v1
kind: CronJob
metadata:
  name: report-{number}
  namespace: shop
spec:
  schedule: "0 3 * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 2
      template:
        spec:
          restartPolicy: Never
          initContainers:
          - name: wait
            image: docker.io/envoyproxy/envoy:v1.31.0{marker}
            command: [sh, -c, "until nc -z database 5432; do sleep 1; done"]
          containers:
          - name: report
            image: ghcr.io/acme/report-{number}:2.0.1@sha256:{digest}
            envFrom:
            - configMapRef: {{name: report-{number}}}
"""

_KUSTOMIZATION = """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
resources:
  - ../../base
  - ingress.yaml
images:
  - name: service
    newName: ghcr.io/acme/service-{number}
    newTag: 1.4.2
  - name: docker.io/envoyproxy/envoy
    newTag: v1.31.0{tag_marker}
replicas:
  - {{name: service-{number}, count: 5}}
"""

_VALUES = """# Values of the chart service-{number}.
replicaCount: 2
image:
  registry: ghcr.io
  repository: acme/service-{number}
  tag: "1.4.2"
  pullPolicy: IfNotPresent
proxy:
  enabled: true
  image: docker.io/envoyproxy/envoy:v1.31.0{marker}
ingress:
  enabled: true
  className: nginx
  hosts:
    - host: service-{number}.shop.example
      paths: [{{path: /, pathType: Prefix}}]
resources:
  requests: {{cpu: 100m, memory: 128Mi}}
nodeSelector: {{}}
tolerations: []
"""

_COMPOSE = """services:
  service-{number}:
    image: ghcr.io/acme/service-{number}:1.4.2
    depends_on: [proxy]
    environment:
      LOG_LEVEL: debug
      DATABASE_URL: postgres://database/shop
    volumes:
      - ./data:/var/lib/service
  proxy:
    image: docker.io/envoyproxy/envoy:v1.31.0{marker}
    ports: ["8080:8080"]
"""

_CUSTOM_RESOURCE = """apiVersion: shop.acme.example/v1alpha1
kind: Storefront
metadata:
  name: storefront-{number}
  namespace: shop
spec:
  size: 3
  server:
    image: ghcr.io/acme/storefront-{number}:3.1.0
    resources: {{requests: {{cpu: 200m}}}}
  gateway:
    image: docker.io/envoyproxy/envoy:v1.31.0{marker}
  storage:
    size: 10Gi
    className: fast
"""

_NO_IMAGE = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: service-{number}
  namespace: shop
  annotations: {{cert-manager.io/cluster-issuer: letsencrypt}}
spec:
  ingressClassName: nginx
  rules:
    - host: service-{number}.shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {{service: {{name: service-{number}, port: {{number: 80}}}}}}
"""

# Five of ten are Deployments, as they are the most in most repositories.
_LAYOUTS = (
    ("deployment.yaml", _DEPLOYMENT),
    ("overlays/{number}/kustomization.yaml", _KUSTOMIZATION),
    ("deployment.yaml", _DEPLOYMENT),
    ("values.yaml", _VALUES),
    ("deployment.yaml", _DEPLOYMENT),
    ("compose.yaml", _COMPOSE),
    ("deployment.yaml", _DEPLOYMENT),
    ("storefront.yaml", _CUSTOM_RESOURCE),
    ("cron-job.yaml", _CRON_JOB),
    ("ingress.yaml", _NO_IMAGE),
)


def tree(count: int, marker: str = "") -> dict[str, bytes]:
    """Make `count` files, path to content. Where `marker` names a policy, `SHARED` is marked for it in each file."""
    return dict(_file(number, marker) for number in range(count))


def _file(number: int, marker: str) -> tuple[str, bytes]:
    name, layout = _LAYOUTS[number % len(_LAYOUTS)]
    text = layout.format(
        number=number,
        digest=f"{number:064x}",
        marker=_comment(marker),
        tag_marker=_comment(f"{marker}:tag" if marker else ""),
    )
    return f"apps/{number}/{name.format(number=number)}", text.encode()


def _comment(marker: str) -> str:
    return f' # {{"$imagepolicy": "{marker}"}}' if marker else ""
