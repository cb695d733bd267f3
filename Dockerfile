# One image for the web server and the worker. `docker compose` starts both; docs/operations.md says how.
FROM python:3.13-slim-trixie AS build
WORKDIR /build
COPY requirements.txt requirements-build.txt ./
RUN python -m venv /opt/webmap && /opt/webmap/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
# Among these is a node, which builds the browser's files while the wheel is made.
RUN pip install --no-cache-dir --require-hashes -r requirements-build.txt
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/webmap/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 --home-dir /var/lib/webmap --create-home webmap
COPY --from=build /opt/webmap /opt/webmap
ENV PATH=/opt/webmap/bin:$PATH PYTHONUNBUFFERED=1 WEBMAP_DATA_DIR=/var/lib/webmap WEBMAP_HOST=0.0.0.0
USER webmap
VOLUME /var/lib/webmap
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["webmap", "health"]
CMD ["webmap", "serve"]
