ARG BASE="ghcr.io/acme/app:2.0.0"
ARG VERSION=2.0.0 VARIANT=alpine
ARG REGISTRY=ghcr.io/acme
ARG NAME=app
ARG UNUSED=ghcr.io/acme/app:2.0.0
ARG NOTHING

FROM ${BASE} AS base
FROM ghcr.io/acme/app:${VERSION} AS tagged
FROM $REGISTRY/${NAME}:$VERSION
FROM ${OTHER:-ghcr.io/acme/app}:2.0.0
FROM ghcr.io/acme/app:1.9.0-${VARIANT}
FROM ghcr.io/acme/app:${NOTHING}
ARG IN_A_STAGE=ghcr.io/acme/app:2.0.0
