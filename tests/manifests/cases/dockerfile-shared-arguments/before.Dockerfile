ARG VERSION=1.9.0
# Of the image with this one it is not known whether it has a tag for every version.
ARG OTHER=1.9.0
ARG THIRD=1.9.0

FROM ghcr.io/acme/app:${VERSION}
FROM ghcr.io/acme/proxy:${VERSION}

FROM ghcr.io/acme/app:${OTHER}
FROM ghcr.io/acme/app:${OTHER}-debug

FROM ghcr.io/acme/app:${THIRD} AS first
FROM ghcr.io/acme/app:${THIRD} AS second
