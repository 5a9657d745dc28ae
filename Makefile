# One word per task. Each sets up .venv from requirements.lock first, and again only when
# pyproject.toml, requirements.lock or the settings of JupyterLab (helpers/jupyterlab.json) change.

# Your own choices, if need be: make lab PYTHON=python3.12 OPTIONS="--no-browser --port=8900"
PYTHON ?=
OPTIONS ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
COPY := my-course
LESSON := notebooks/00-start-here.ipynb

.DEFAULT_GOAL := help
.PHONY: help lab test lint data notebooks handouts course

help: ## show these lines
	@echo "Two Tracks. Use: make TASK"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1 - \2/p' $(MAKEFILE_LIST)

# The lessons open in a copy, so that yours may differ from the course's.
lab: $(STAMP) ## open the course in JupyterLab, at its first lesson
	@$(BIN)/two-tracks start $(COPY)
	@echo "Opening JupyterLab at $(LESSON). Stop it with Ctrl-C in this window."
	@cd $(COPY) && "$(CURDIR)/$(BIN)/jupyter" lab $(LESSON) $(OPTIONS)

# Every .ipynb is run by nbval, which compares each output with the stored one.
test: lint ## run every check: lint, types, unit tests, notebooks, browser
	@echo "Testing the library, the notebooks and the pages (pytest)."
	@$(BIN)/pytest helpers tests notebooks --nbval --nbval-current-env \
		--nbval-sanitize-with tests/nbval.cfg \
		--nbval-cell-timeout=60 --nbval-kernel-startup-timeout=60

lint: $(STAMP) ## check style and types (ruff, mypy)
	@echo "Checking style and types (ruff, mypy)."
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

data: $(STAMP) ## write the tables in data/ anew, from seeds/
	@echo "Writing the tables in data/ from seeds/."
	@$(BIN)/two-tracks data

notebooks: $(STAMP) ## run every lesson anew and store what it shows
	@echo "Running every lesson and storing its outputs."
	@$(BIN)/two-tracks notebooks

handouts: $(STAMP) ## make of every lesson one page of HTML, in build/handouts/
	@echo "Making the handouts from the stored lessons."
	@$(BIN)/two-tracks handouts

# For a section of a class: make course OPTIONS="--with section-a.yaml --out build/section-a"
course: $(STAMP) ## run the whole course with papermill, with handouts, into build/course/
	@echo "Running the course. Ctrl-C stops it; with OPTIONS=--resume it goes on where it ended."
	@$(BIN)/two-tracks run $(OPTIONS)

# The hashes in the lock are checked; the second call installs nothing but this checkout.
$(STAMP): pyproject.toml requirements.lock helpers/jupyterlab.json
	@for python in $(or $(PYTHON),python3 python python3.13 python3.12 python3.11); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
		python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Two Tracks needs Python 3.11 or newer, and none was found. Install one from" \
			"https://www.python.org/downloads/ or name yours: make lab PYTHON=python3.12" >&2; \
		exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$($$python --version). The first time takes a minute or two."; \
	if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python "$$python" $(VENV) && \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		"$$python" -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $(STAMP)
