# escape=`

  FROM `
    # which one

	ghcr.io/acme/app:2.0.0	 `
  AS web
RUN dir C:\
FROM ghcr.io/acme/app:`
1.0.0
FROM {{ image }}
FROM ghcr.io/acme/app:1.0.0 # the same
# üñ
COPY --from=ghcr.io/acme/app:2.0.0 /ü /