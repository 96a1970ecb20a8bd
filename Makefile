# make demo    see it work: installs what is missing, makes letters from example events
# make test    every check and test, with RabbitMQ, PostgreSQL and S3 servers of its own
# make bench   Hanyin and the plain way on the same letters; CASES=24 says on how many cases
# make check   ruff, mypy, the import arrows, and known vulnerabilities where they can be asked for
# make soak    the fault tests with more kills and more inputs, for hours
# make bench-sealing   how fast a letter is sealed, against pyHanko's plain call
# make bench-starting  how long one waits for hanyin verify of one letter
# make bench-limits    what physics sets: signatures, the disk; and long letters
# make bench-growth    a grown ledger at rest and at work, to a million letters, on SQLite and PostgreSQL
# make bench-scaling   1, 2 and 4 processes; four workers on one number series
# make setup   what the program needs, in .venv and from the distribution's packages
# make setup-office   also LibreOffice, for templates that Typst cannot make

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: demo test bench bench-tools bench-sealing bench-starting bench-limits bench-growth bench-scaling soak check setup setup-office setup-dev setup-servers

BIN := .venv/bin
# more words for pytest, e.g. make test PYTEST="-k archive"
PYTEST ?=
# test processes; each has virtual hosts, databases and buckets of its own. One more than cores:
# many tests wait for servers, leases and kills
PROCESSES ?= $(shell expr $$(nproc) + 1)
# cases of a benchmark
CASES ?= 24

demo: setup
	$(BIN)/hanyin demo

test: setup-dev setup-servers bench-tools check
	$(BIN)/python -m tests.servers run -- $(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal $(PYTEST)

bench: setup-dev setup-servers bench-tools
	$(BIN)/python -m tests.servers run -- $(BIN)/python -m bench --cases $(CASES)

# what the plain way uses and Hanyin does not
bench-tools: .cache/bench/requirements.lock

.cache/bench/requirements.lock: bench/requirements.lock | setup-dev
	$(BIN)/pip install -q --require-hashes --no-deps --upgrade --target .cache/bench -r $<
	cp $< $@

soak: setup-dev setup-servers
	HANYIN_TEST_KILLS=$${HANYIN_TEST_KILLS:-500} HANYIN_TEST_FUZZ=$${HANYIN_TEST_FUZZ:-20000} \
	HANYIN_TEST_LOAD=$${HANYIN_TEST_LOAD:-10000} HANYIN_TEST_LOAD_CASES=$${HANYIN_TEST_LOAD_CASES:-2800} \
	HANYIN_TEST_PARKED=$${HANYIN_TEST_PARKED:-100000} HANYIN_TEST_FATES=$${HANYIN_TEST_FATES:-1000} \
	HANYIN_TEST_HOSTILE=$${HANYIN_TEST_HOSTILE:-20000} HANYIN_TEST_HOSTILE_CASES=$${HANYIN_TEST_HOSTILE_CASES:-240} \
	HANYIN_TEST_SETS=$${HANYIN_TEST_SETS:-200} \
	HANYIN_TEST_PAGES=$${HANYIN_TEST_PAGES:-200} HANYIN_TEST_WAITING=$${HANYIN_TEST_WAITING:-100000} \
	HANYIN_TEST_FAULT_POINTS=$${HANYIN_TEST_FAULT_POINTS:-all} HANYIN_TEST_DONE=$${HANYIN_TEST_DONE:-1000000} \
	$(BIN)/python -m tests.servers run -- $(BIN)/python -m pytest -n 2 \
	-o timeout=36000 -m "" tests/faults tests/fuzzing tests/integration/test_engines_agree.py tests/integration/test_pages_as_a_clerk_reads.py tests/properties \
	tests/conformance/test_poison_events.py tests/conformance/test_floods.py tests/conformance/test_many_waiting.py tests/conformance/test_many_done.py $(PYTEST)

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/unit/test_imports.py
	$(BIN)/python deploy/audit.py

bench-sealing: setup-dev
	$(BIN)/python -m bench.sealing

bench-starting: setup-dev
	$(BIN)/python -m bench.starting

bench-limits: setup-dev
	$(BIN)/python -m bench.limits

bench-growth bench-scaling: bench-%: setup-dev setup-servers
	$(BIN)/python -m tests.servers run -- $(BIN)/python -m bench.$*

setup:
	deploy/setup.sh

setup-office:
	deploy/setup.sh --office

setup-dev:
	deploy/setup.sh --dev

setup-servers: setup-dev
	deploy/setup-servers.sh
	$(BIN)/python -m tests.servers prepare
