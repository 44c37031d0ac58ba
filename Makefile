# Two commands matter: `make demo` and `make test`. Each makes its own environment.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PINNED := pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --quiet

.PHONY: demo test lint bench format lock schema pages clean help

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: $(READY) ## watch the bot do its main job on a sandbox (SERVE=1 keeps it running)
	@$(BIN)/python tests/parts/install.py registry
	@$(BIN)/niro demo $(if $(SERVE),--serve)

test: $(READY) ## all tests, with real parts
	@$(BIN)/python tests/parts/install.py registry skopeo postgres browser driver other-registry
	@$(BIN)/python tests/parts/descriptions.py
	@$(BIN)/python -m pytest $(TESTS)

lint: $(READY) ## ruff, mypy, floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY) ## measure, and print what was measured
	@$(BIN)/python tests/parts/install.py registry skopeo
	@$(BIN)/python -m benchmarks

format: $(READY) ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

schema: $(READY) ## write config/policies.schema.json, which editors read the policy file by
	@$(BIN)/niro schema --output config/policies.schema.json

pages: $(READY) ## write the tables in docs/manifests.md, docs/pull-requests.md and docs/rules.md from those in the code
	@WRITE_PAGE=1 $(BIN)/python -m pytest -q tests/manifests/layouts/test_manifests_page.py tests/flows/test_life.py tests/findings/test_rules_page.py -k "lists_the_layouts or shows_the_tables or tells_the_rules"

lock: $(READY) ## pin the newest allowed versions again, for the tests and for the server alone
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile $(PINNED) --extra test --upgrade --output-file requirements.lock
	@$(BIN)/uv pip compile $(PINNED) --extra aws --extra gcp --extra azure --extra sigstore --constraint requirements.lock --output-file requirements-server.lock

clean: ## forget the environment and the fetched parts
	rm -rf $(VENV) .parts

$(READY): requirements.lock pyproject.toml
	@command -v git >/dev/null || { echo "git is missing: install it (Debian: apt-get install git)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "Python 3.11, 3.12 or 3.13 is needed: set PYTHON=python3.12, for example"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "python3-venv is missing: install it (Debian: apt-get install python3-venv)"; exit 1; }
	@echo "making the environment in $(VENV) (a minute, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
