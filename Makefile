# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
STARTED := $(shell date +%s)

.PHONY: setup demo test lint format bench clean lock

setup: $(VENV)/.runtime ## make .venv, in which the command `dispatch` lies

demo: $(VENV)/.runtime ## plan a day in Bochum from signals, print the route sheets, serve until Ctrl-C
	@echo "Installation: $$(( $$(date +%s) - $(STARTED) )) s"
	$(BIN)/dispatch demo $(DEMO_ARGS)

test: $(VENV)/.dev ## the plain test run: needs no service, no browser and no data from outside
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(VENV)/.dev ## style, complexity, types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/.dev ## matrices beside networkx, scipy and, where it has a wheel, Valhalla
	-$(PIP) --only-binary :all: --editable '.[bench]'
	$(BIN)/dispatch bench matrix $(BENCH_ARGS)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(BIN)/python requirements.lock pyproject.toml
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --editable .
	@echo "Compiling the planner: once, about a minute"
	@$(BIN)/python -c 'import dispatch.planning.insertion as _; from dispatch.planning import desk, plain; from dispatch.planning.kernel.compiled import compile_all; compile_all()'
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

lock: ## renew both lock files (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --upgrade -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --upgrade -q -o requirements-dev.lock

clean:
	rm -rf $(VENV) var
