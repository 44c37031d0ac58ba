FROM ghcr.io/acme/app:@TAG@
RUN <<EOF
FROM ghcr.io/acme/app:0.9.9
EOF
COPY <<-"ONE" <<'TWO' /x/
FROM ghcr.io/acme/app:0.9.9
	ONE
COPY --from=ghcr.io/acme/app:0.9.9
TWO
from ghcr.io/acme/app:@TAG@
ONBUILD COPY --from=ghcr.io/acme/app:@TAG@ /a /b
RUN cat <<< ghcr.io/acme/app:0.9.9
FROM \
\
# a comment
  ghcr.io/acme/app:@TAG@
