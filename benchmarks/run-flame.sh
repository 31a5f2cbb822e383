#!/usr/bin/env bash
# Samples host and database with perf under the load of a scenario, and draws both (docs/images/flame-*.svg). Needs perf and Node; two minutes.
# Usage: benchmarks/run-flame.sh [scenario]      default: pairs
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scenario=${1:-pairs}
tool=benchmarks/ChatKit.Load/bin/Release/net10.0/ChatKit.Load
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
dotnet build benchmarks/ChatKit.Load -c Release -v quiet -clp:NoSummary

DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0 "$tool" --servers postgres --runs 1 --warmup 30 --seconds 20 --scenarios "$scenario" --json "$out/run.json" > "$out/run.md" 2> "$out/run.err" &
load=$!
until grep -q "postgres: running" "$out/run.err" 2> /dev/null; do
  kill -0 "$load" || { cat "$out/run.err"; exit 1; }
  sleep 0.2
done
host=$(pgrep -f "serve --kind .* --store postgres" | head -1)
perf record -q -F 499 -g -p "$host" -o "$out/host.perf" -- sleep 5
perf record -q -F 499 -g -p "$(pgrep -d, -f 'postgres: .*127.0.0.1')" -o "$out/postgres.perf" -- sleep 5
perf script -i "$out/host.perf" -F comm,ip,sym 2> /dev/null | node benchmarks/flame.mjs "Host, $scenario on PostgreSQL" > "docs/images/flame-$scenario-host.svg"
perf script -i "$out/postgres.perf" -F comm,ip,sym 2> /dev/null | node benchmarks/flame.mjs "PostgreSQL, $scenario" > "docs/images/flame-$scenario-postgres.svg"
wait "$load"
cat "$out/run.md"
