# Two stages: the environment is made with pip, the image that runs holds no build tools.
FROM python:3.13-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/niro
COPY pyproject.toml requirements-server.lock README.md LICENSE ./
# Only what the server needs, each file by its hash; then the bot itself.
RUN /opt/niro/bin/pip install --no-cache-dir --require-hashes -r requirements-server.lock
COPY bot bot
RUN /opt/niro/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/niro --create-home niro
COPY --from=build /opt/niro /opt/niro
COPY app.yml /opt/niro/app.yml
ENV PATH=/opt/niro/bin:$PATH \
    NIRO_APP_MANIFEST=/opt/niro/app.yml \
    NIRO_DATABASE_URL=sqlite:////var/lib/niro/niro.db \
    NIRO_SETTINGS_FILE=/var/lib/niro/niro.env
USER 10001
WORKDIR /var/lib/niro
VOLUME /var/lib/niro
EXPOSE 8080
ENTRYPOINT ["niro"]
CMD ["serve"]
