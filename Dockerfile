# Hanyin with the fonts, installed as `make setup` installs them. With LibreOffice, for templates that
# Typst cannot make: docker build --build-arg SETUP=--office .
FROM debian:bookworm-20260918-slim@sha256:3783cc01769c7b2b1b83a5c5ad96c815348e28ed7da68e2e3687004faa906251

ENV LC_ALL=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/hanyin/.venv/bin:$PATH \
    HANYIN_HOME=/var/lib/hanyin

ARG SETUP=
WORKDIR /opt/hanyin
COPY . .
RUN apt-get -q update \
    && apt-get -q -y install --no-install-recommends python3 python3-venv \
    && deploy/setup.sh $SETUP \
    && .venv/bin/python -m compileall -q archive books cases commands config ledger rendering schemas sheets signing templates workers \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /root/.cache

RUN useradd --system --uid 10001 --home-dir /var/lib/hanyin --create-home hanyin
USER hanyin
# hanyin.toml is read from here
WORKDIR /var/lib/hanyin
VOLUME /var/lib/hanyin

ENTRYPOINT ["hanyin"]
CMD ["work"]
