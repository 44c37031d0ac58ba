FROM ghcr.io/acme/app:1.0.0 AS build
# Größe
COPY --from=ghcr.io/acme/app:1.0.0 /bin/app /app
FROM build
