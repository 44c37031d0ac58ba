# escape=`
FROM ghcr.io/acme/app:@TAG@ AS base
SHELL ["powershell"]
RUN echo ghcr.io/acme/app:0.9.9 `
  && dir C:\

FROM `
  ghcr.io/acme/app:@TAG@ `
  AS two
COPY --from=ghcr.io/acme/app:@TAG@ `
  /a /b