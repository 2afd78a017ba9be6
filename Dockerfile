FROM python:3.12-slim-trixie AS base
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore

FROM base AS wheel
WORKDIR /source
COPY constraints.txt .
RUN pip install --constraint constraints.txt hatchling
COPY pyproject.toml README.md ./
COPY migrations migrations
COPY reex_crawler reex_crawler
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /dist .

FROM base
# The number is fixed because it owns the files of the volume.
RUN groupadd --gid 10001 reex \
    && useradd --uid 10001 --gid reex --no-create-home --home-dir /data --shell /usr/sbin/nologin reex \
    && install --directory --owner=reex --group=reex --mode=0700 /data
RUN --mount=type=bind,from=wheel,source=/dist,target=/dist \
    --mount=type=bind,source=constraints.txt,target=/constraints.txt \
    pip install --constraint /constraints.txt /dist/*.whl
COPY --chmod=0755 docker/entrypoint.sh /usr/local/bin/reex-entrypoint
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PGPASSFILE=/tmp/pgpass \
    REEX_ARCHIVE_DIR=/data/warc \
    REEX_DATABASE_URL=sqlite:////data/reex.db \
    REEX_SCHEDULE=30m
USER 10001:10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=1m --timeout=5s CMD ["reex-entrypoint", "healthy"]
ENTRYPOINT ["reex-entrypoint"]
CMD ["schedule"]
