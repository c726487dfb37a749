# Every target is one line of npm or node: what it does is in package.json and scripts/.
.DEFAULT_GOAL := help
.PHONY: help demo keep acquire list serve test test-fast test-oldest ci lint format generate build bench clean

# As it was given, and by way of the environment: neither make nor the shell reads the $ and " in a message.
ifdef MESSAGE
override MESSAGE := $(value MESSAGE)
export MESSAGE
endif

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## The three scenarios, end to end, on an embedded Postgres
	npm run demo

keep: ## The demo, and everything stays up until Ctrl-C
	npm run demo -- --keep

acquire: ## Acquire one target: make acquire MESSAGE="a message" CRITICALITY=7
	@test -n "$$MESSAGE" || { echo 'Which message? make acquire MESSAGE="a message" CRITICALITY=7' >&2; exit 2; }
	npm run acquire -- "$$MESSAGE" $(if $(CRITICALITY),--criticality $(CRITICALITY))

list: ## List all targets as a JSON array
	npm run --silent list

serve: ## Send a random event every 500 ms until Ctrl-C
	npm run simulator -- serve

test: ## Every test that needs nothing but what npm installs
	npm test

test-fast: ## Unit and integration tests only, without coverage
	npm test -- --fast

test-oldest: ## Integration tests on PostgreSQL 15
	npm run test:oldest

ci: ## All tiers of tests, and the audit
	.ci/run

lint: ## Static analysis and formatting, as CI checks them
	npm run lint

format: ## Format every file
	npm run format

generate: ## Make the generated code and reference pages anew
	npm run generate

build: ## Compile every package
	node scripts/build.mjs

bench: ## Every benchmark that this machine can carry
	npm run bench

clean: ## Remove what was built and cached (node_modules stays)
	rm -rf .cache coverage */dist
