#!/bin/sh
# Makes the log ready before the services start: Kafka topics, schemas, the simulator's pages, and
# the address that the simulator's webhooks go to. Repeating it adds nothing.
set -eu
node packages/cli/src/main.ts topics apply --replication-factor 1
node packages/cli/src/main.ts schemas publish
node infra/docker/pages-of-simulator.mjs > /tmp/pages.json
node packages/cli/src/main.ts pages import /tmp/pages.json
