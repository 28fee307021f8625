# Every command works on a bare clone: it needs Python 3.11 to 3.13, make and a network, and installs the rest.
# The work is done by dev/ (start with dev/main.py).

find-python = for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done
PYTHON ?= $(or $(shell $(find-python)),python3)
export PORT ARGS

.DEFAULT_GOAL := help
.PHONY: help run servers test bench requirements clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1	/' | expand -t 20

run: ## the portal with database, worker and beat on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(PYTHON) -m dev run

servers: ## only database and broker, for Django's own commands in another terminal
	@$(PYTHON) -m dev servers

test: ## lint, checks and every test; ARGS="tests/applications -k offer" runs only these tests
	@$(PYTHON) -m dev test

bench: ## the benchmarks, as a table
	@$(PYTHON) -m dev bench

requirements: ## compile requirements.txt and requirements-dev.txt from their .in files
	@$(PYTHON) -m dev requirements

clean: ## stop everything; remove var/ (the demo's data), static/build/ and caches
	@$(PYTHON) -m dev clean
