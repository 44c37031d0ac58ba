FROM ghcr.io/acme/app:2.0.0
COPY <<one <<-'two' /texts/
FROM ghcr.io/acme/app:1.0.0
one
	FROM ghcr.io/acme/app:1.0.0
	two
RUN cat <<EOF > Dockerfile && echo done
# {"$imagepolicy": "app"}
FROM ghcr.io/acme/app:1.0.0
EOF
FROM ghcr.io/acme/app:2.0.0
RUN <<MISSING
FROM ghcr.io/acme/app:1.0.0
