# Tijdig: `make` lists what there is.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2
TESTS ?= tests
# Tests and proof start hundreds of processes: what each loads is compiled once, whoever asks.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

.PHONY: help
help:  ## list the commands
	@grep -hE '^[a-z-]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*  ## (.*)/  make \1|\2/' | column -t -s '|'

$(BIN)/python:
	@echo "Python-omgeving maken in $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Tijdig heeft Python 3.11 of nieuwer nodig; $(PYTHON) is ouder."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.lock pyproject.toml $(BIN)/python
	@echo "Bibliotheken installeren (een paar minuten, eenmalig) ..."
	@$(PIP) install --require-hashes -r requirements/runtime.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m tijdig.config.translations
	@touch $@

$(VENV)/.development: requirements/dev.lock $(VENV)/.runtime
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

.PHONY: setup
setup: $(VENV)/.runtime  ## make the environment that everything runs in

.PHONY: demo
demo: setup  ## build a believable office, run today's run, serve the site
	@$(BIN)/tijdig demo

.PHONY: browser
browser:  ## install Chromium for the browser tests, where that is possible
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Chromium installeren voor de browsertests ..."; \
	  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium) >/dev/null 2>&1 \
	  || echo "Chromium kon niet worden geïnstalleerd: de browsertests worden overgeslagen."; \
	else echo "Geen Chromium op deze machine: de browsertests worden overgeslagen."; fi

.PHONY: test
test: $(VENV)/.development browser  ## run every test
	@$(BIN)/python -m tijdig.config.translations
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

ROUNDS ?= 10
AGAIN ?=
SEEDS = $(or $(AGAIN),$(shell $(BIN)/python -c 'for _ in range($(ROUNDS)): print(__import__("secrets").randbits(32))'))
.PHONY: explore
explore: $(VENV)/.development  ## try other examples than the tests do, at random (ROUNDS=n, AGAIN=seed)
	@$(BIN)/python -m tijdig.config.translations
	@set -e; for seed in $(SEEDS); do \
	  echo "make explore AGAIN=$$seed"; \
	  $(BIN)/python -m pytest -n $(WORKERS) -m hypothesis --hypothesis-profile=explore \
	    --hypothesis-seed=$$seed $(TESTS); \
	done

.PHONY: lint
lint: $(VENV)/.development  ## style, types, import order, migrations in step
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/tijdig makemigrations --check --dry-run tijdig

.PHONY: check
check: lint test  ## all that must hold before a change lands

.PHONY: bench
bench: $(VENV)/.development  ## measure, as ratios to a baseline in the same run
	@$(BIN)/python -m bench

SEED ?= 20260319
SET ?= short
ROWS ?=
GO_ON ?=
.PHONY: proof
proof: $(VENV)/.development  ## break everything on purpose, and print what held (SEED=n SET=short|long GO_ON=1)
	@$(BIN)/python -m proof --seed $(SEED) --set $(SET) --rows "$(ROWS)" $(if $(GO_ON),--go-on)

.PHONY: format
format: $(VENV)/.development  ## put the code in its usual form
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

.PHONY: clean
clean:  ## remove the environment and the data of this checkout
	@rm -rf $(VENV) var
