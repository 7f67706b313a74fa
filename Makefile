# The two commands of the README, and those that developers use.
PYTHON ?= python3
BIN := .venv/bin
INDEX ?= index/

.PHONY: demo test torture torture-queries torture-indexes torture-engines torture-faults torture-soak torture-soak-whoosh torture-soak-tantivy fuzz mutate lint check docs evaluate bench record format clean

demo: .venv/installed
	$(BIN)/rights-search index corpus/ --index $(INDEX)
	$(BIN)/rights-search query "Chechnya LGBTI" --index $(INDEX)

# In as many processes as there are cores, and one more: tests/conftest.py.
TEST := $(BIN)/python -m pytest -n auto --dist worksteal

test: .venv/installed-dev
	$(TEST)

# The long tests: hours of processor time (docs/reliability.md says how much each part takes).
torture: torture-queries torture-indexes torture-engines torture-faults torture-soak

# The same property tests, so many times as long: a hundred thousand queries of nonsense.
torture-queries: .venv/installed-dev
	RIGHTS_SEARCH_FUZZ=250 $(TEST) tests/test_query_*.py tests/test_proximity.py

torture-indexes: .venv/installed-dev
	RIGHTS_SEARCH_FUZZ=40 $(TEST) tests/test_damaged_index.py
	RIGHTS_SEARCH_FUZZ=84 $(TEST) tests/test_crafted_tantivy.py

# Corpora of the oracle and the queries on each are as many times more: it takes the square.
torture-engines: .venv/installed-dev
	RIGHTS_SEARCH_FUZZ=5 $(TEST) tests/test_engine_oracle.py
	RIGHTS_SEARCH_FUZZ=50 $(TEST) tests/test_stateful.py

# Any number above 1 tries every moment.
torture-faults: .venv/installed-dev
	RIGHTS_SEARCH_FUZZ=2 $(TEST) tests/test_killed*.py tests/test_full_disk.py tests/test_readers.py tests/test_many_runs.py tests/test_damaged_corpus.py

# One process each; make -j2 -O torture-soak runs both at once and keeps their tables apart.
torture-soak: torture-soak-whoosh torture-soak-tantivy

torture-soak-whoosh torture-soak-tantivy: torture-soak-%: .venv/installed-dev
	$(BIN)/python -m benchmarks.soak --engine $*

# Guided by coverage: what targets lack of so many minutes each, over all runs (docs/fuzzing.md).
MINUTES ?= 30
fuzz: .venv/installed-dev
	$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	$(BIN)/python -m fuzzers --in-all --minutes $(MINUTES)
	$(BIN)/python -m manual

# Mistakes made on purpose in query, dates and index reading: docs/mutation.md.
MUTANTS ?= 100
mutate: .venv/installed-dev
	$(BIN)/python -m pip install --quiet --editable '.[mutation]'
	$(BIN)/python -m mutation --sample $(MUTANTS)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test

docs: .venv/installed-dev
	$(BIN)/python -m manual

evaluate: .venv/installed-dev
	$(BIN)/python -m evaluation

# What reading and tagging give for corpus/: tests/test_recorded.py says when.
record: .venv/installed-dev
	$(BIN)/python -m evaluation.recorded

# Beside other programs, in one run; results in benchmarks/results/. PARTS and more: docs/benchmarks.md.
PARTS ?=
bench: .venv/installed-dev
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m benchmarks $(PARTS)

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ...")'
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/installed-dev: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ .venv/installed
