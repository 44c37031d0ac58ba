# {"$imagepolicy": "team:base:tag"}
ARG BASE_VERSION=3.1.0
FROM ghcr.io/acme/base:${BASE_VERSION} AS base

# {"$imagepolicy": "other"}
# frozen until the winter is over
FROM ghcr.io/acme/app:1.0.0
# {"$imagepolicy": "app:tag"}
ARG APP_VERSION=2.0.0
# {"$imagepolicy": "app:tag"}
ENV APP_OPTIONS="--image=ghcr.io/acme/app:2.0.0-debug --quiet"
# {"$imagepolicy": "app"}

RUN echo "the marker above marks nothing: 1.9.0"
COPY --from=ghcr.io/acme/app:2.0.0 \
  # {"$imagepolicy": "app"}
  /a /b
RUN <<TEXT
# {"$imagepolicy": "app"}
VERSION=1.9.0
TEXT
