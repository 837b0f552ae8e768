# Two commands for a user: "make demo" and "make test". Targets only name what the package does.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test style types form checked mutants proof bench clean

# Build the dataset and answer three questions with the passages behind the answers.
demo: $(VENV)/installed
	$(BIN)/trilateral build
	$(BIN)/trilateral ask where-do-documents-disagree
	$(BIN)/trilateral ask what-is-asserted-but-not-attested
	$(BIN)/trilateral ask where-do-two-publics-differ-most

# Everything that must hold before a change is accepted.
# What comes before the tests leaves a processor idle for most of its time, so two run at once.
test: $(VENV)/developed
	$(MAKE) --jobs=2 style types form checked
	$(BIN)/pytest --numprocesses=auto

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

form:
	$(BIN)/trilateral fmt --check

checked:
	$(BIN)/trilateral check

# Mistakes made in valid data one at a time, and constraints switched off one by one.
mutants: $(VENV)/developed
	$(BIN)/python -m proof.mutants

# Proof that the checks can be believed: writes docs/proof.md; takes about an hour.
proof: $(VENV)/developed
	$(BIN)/python -m proof

# The measurements of docs/benchmarks.md; takes minutes to an hour.
bench: $(VENV)/developed
	$(BIN)/python -m benchmarks

clean:
	rm -rf dist $(VENV)

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/developed: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@
