# syntax=docker/dockerfile:1.7

# The stage that builds.
FROM --platform=$BUILDPLATFORM ghcr.io/acme/app:2.0.0 AS Build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.cache \
    --mount=type=bind,from="ghcr.io/acme/app:2.0.0",source=/lib,target=/lib \
    make all

from	ghcr.io/acme/app:1.9.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  as  pinned
FROM ghcr.io/acme/app:2.0.0 AS untagged
FROM scratch
COPY --from=build /src/app /app
COPY --from=0 /src/app /app.0
COPY --chown=1:1 --from=ghcr.io/acme/app:2.0.0 /etc/app.conf /etc/
ONBUILD COPY --from='ghcr.io/acme/app:2.0.0' /a /b
CMD ["FROM ghcr.io/acme/app:1.9.0"]
