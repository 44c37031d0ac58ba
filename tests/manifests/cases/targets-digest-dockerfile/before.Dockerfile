# syntax=ghcr.io/acme/app:1.0.0
ARG VERSION=1.0.0
ARG BASE=ghcr.io/acme/app:1.0.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
FROM ghcr.io/acme/app:1.0.0 AS build
FROM ${BASE}
FROM ghcr.io/acme/app:${VERSION}
COPY --from=ghcr.io/acme/app@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa /bin/app /bin/
