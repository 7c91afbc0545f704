# packshot: bare `make` lists the targets. Nothing is needed but make, git and Python 3.11 or later.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
  if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
VENV ?= .venv
BIN := $(VENV)/bin
# Twice quiet: errors are shown, and warnings of mirrors and caches, which nobody here can mend, are not.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
DEMO ?= demo
DATA ?= ../shared/data
# pip makes bytecode on one core, of every test, too; this does it on all cores.
COMPILE := $(BIN)/python -m compileall -q -j 0 -x '/(tests?|rllib)/'
PACKAGES := $(VENV)/lib/python3.*/site-packages

.PHONY: help demo test tests test-ray lint types imports bench docs sample clean

help: ## List the targets
	@grep -hE '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-9s %s\n", $$1, $$2}'

$(BIN)/.installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo "packshot needs Python 3.11 or later; set PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing packshot and its development tools into $(VENV) (once; about a minute, longer where downloads are slow) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade 'pip>=25.1'
	@$(PIP) --no-compile --editable '.[models]' --group dev
	@$(COMPILE) src/packshot $(PACKAGES) || true # only speed: a package may ship a file that does not compile
	@touch $@

demo: $(BIN)/.installed ## Install, run the main job on the sample catalogue, say where to look
	@echo "Fetching the learned models that are not here yet ..."
	@$(BIN)/packshot models fetch || echo "The demo goes on without learned models: what only they find is left out. Once there is a network: $(BIN)/packshot models fetch"
	@echo "Judging the sample catalogue by the policy amazon ..."
	@$(BIN)/packshot run examples/sample_catalog/catalog/feed.csv --workspace $(DEMO)/workspace --policy amazon --no-report
	@$(BIN)/packshot report --workspace $(DEMO)/workspace -o $(DEMO)/report

test: $(BIN)/.installed lint imports ## Everything that must pass: style, types, imports, tests
	@$(MAKE) --no-print-directory --jobs 2 types tests

# Three for two cores: a fifth of the time tests wait for processes, servers and disks. mypy takes half a minute beside them.
tests: $(BIN)/.installed
	@$(BIN)/pytest -n 3 --dist worksteal

$(BIN)/.installed-ray: $(BIN)/.installed
	@echo "Installing the extra ray into $(VENV) (once) ..."
	@$(PIP) --no-compile 'packshot[ray]' # its extra alone
	@$(COMPILE) $(PACKAGES)/ray || true
	@touch $@

test-ray: $(BIN)/.installed-ray ## The Ray engine, on a Ray of its own on this machine
	@$(BIN)/pytest -m ray tests/ray

lint: $(BIN)/.installed ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(BIN)/.installed ## mypy --strict
	@$(BIN)/mypy

imports: $(BIN)/.installed ## The layers of the architecture
	@$(BIN)/lint-imports --no-logo

bench: $(BIN)/.installed ## Quality with intervals, speed as ratios; writes benchmarks/results/
	@$(PIP) --group bench
	@$(BIN)/python benchmarks/quality/run_all.py
	@$(BIN)/python benchmarks/speed/run_all.py

$(BIN)/.installed-torch: $(BIN)/.installed
	@echo "Installing what training takes into $(VENV) (once) ..."
	@$(PIP) --group train --group bench
	@touch $@

train-%: $(BIN)/.installed-torch ## Make one of packshot's own models again: make train-shot_head [DATA=../shared/data]
	@test -f training/$*.py || { echo "There is no training/$*.py; there are:"; ls training/*.md | sed -E 's,training/(.*)\.md,  make train-\1,'; exit 1; }
	@$(BIN)/packshot models fetch
	@cd training && ../$(BIN)/python $*.py --data $(abspath $(DATA))

docs: $(BIN)/.installed ## Write docs/reference/ from the code
	@$(BIN)/python -m packshot.testing.reference_pages docs/reference

sample: $(BIN)/.installed ## Draw the sample catalogue again
	@$(BIN)/python examples/sample_catalog/make_sample.py --seed 1 --out examples/sample_catalog/catalog

clean: ## Remove what the other targets made
	@rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
