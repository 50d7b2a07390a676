# Everything here works on a fresh machine with git, make, Python 3.11 or later and access to a
# package registry. The first call makes .venv and fills it; later calls find it ready.

.DEFAULT_GOAL := help
.PHONY: help demo test check policies docs messages bench performance coverage clean

# Any Python from 3.11 on will do; say `make PYTHON=/path/to/python …` to choose one.
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$each; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BENCHMARKS_INSTALLED := $(VENV)/.installed-benchmark

help:
	@echo 'make demo      see what it can do'
	@echo 'make test      run the tests'
	@echo 'make check     all that CI runs: tests, style, types, layers, spelling, documents'
	@echo 'make policies  ask of the policies all there is to ask: cases, coverage, mutants, edges'
	@echo 'make docs      write the generated documents, and the tables of the grammar, again'
	@echo 'make messages  bring the Swedish and German catalogues up to date'
	@echo 'make bench     compare with hand-written Python and with other expression languages'
	@echo 'make performance  measure what a transaction costs'
	@echo 'make coverage  which lines and branches the tests reach'
	@echo 'make clean     remove .venv and everything that tools have left behind'

demo: $(INSTALLED)
	@$(BIN)/python -m tools.demo

# Two processes or more: quicker than one even on two cores, each with its own half of the files until
# one has done. They would all compile the package if they could not keep what the first compiled.
# Say `make test PYTEST_ARGS="-k name -n0"`.
test: $(INSTALLED)
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --dist worksteal -q $(PYTEST_ARGS)

check: $(INSTALLED)
	.ci/run

# A few minutes of two cores, so that CI has it on a schedule, not at every change.
policies: $(INSTALLED)
	$(BIN)/policyeval test policies/ --coverage --fail-under 100 --mutate
	$(BIN)/policyeval suggest policies/

docs: $(INSTALLED)
	$(BIN)/python -m tools.write_docs
	$(BIN)/python -m tools.write_tables

messages: $(INSTALLED)
	$(BIN)/python -m tools.messages update

bench: $(BENCHMARKS_INSTALLED)
	$(BIN)/python -m benchmarks.feel --others

performance: $(BENCHMARKS_INSTALLED)
	$(BIN)/python -m benchmarks.transactions --pictures

coverage: $(INSTALLED)
	$(BIN)/python -m coverage run -m pytest -q $(PYTEST_ARGS)
	$(BIN)/python -m coverage report

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

$(INSTALLED): pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo 'policyeval needs Python 3.11 or later, and none was found.' >&2; \
		echo 'Install one, or name it: make PYTHON=/path/to/python3.11 demo' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo '$(PYTHON) is not Python 3.11 or later.' >&2; exit 1; }
	@test -x $(BIN)/python || { \
		echo 'making $(VENV) (once; this takes a minute or two)'; \
		$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(BENCHMARKS_INSTALLED): $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,benchmark]'
	@touch $@
