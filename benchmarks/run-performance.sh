#!/usr/bin/env bash
# Measures everything docs/performance.md shows, and writes its tables. Three quarters of an hour on an otherwise quiet machine.
# Usage: benchmarks/run-performance.sh [servers] [runs]      defaults: relay,hub,litedb,postgres and 5
# Settings (environment): WARMUP seconds at least a server is under load before the first run (30), SECONDS_EACH of a run (4), OUT (artifacts/performance),
# IDLE_SERVERS for the scenario idle, whatever [servers] says (relay,postgres: each run has a host of its own, and LiteDB's takes minutes).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

servers=${1:-relay,hub,litedb,postgres}
runs=${2:-5}
out=${OUT:-artifacts/performance}
warmup=${WARMUP:-30}
each=${SECONDS_EACH:-4}
tool=benchmarks/ChatKit.Load/bin/Release/net10.0/ChatKit.Load
bench=benchmarks/ChatKit.Benchmarks/bin/Release/net10.0/ChatKit.Benchmarks
mkdir -p "$out"
dotnet build benchmarks/ChatKit.Load -c Release -v quiet -clp:NoSummary
dotnet build benchmarks/ChatKit.Benchmarks -c Release -v quiet -clp:NoSummary

# A run that fails (a message lost, rows other than accepted) is named in its table; the others go on.
measure() { local name=$1; shift; "$tool" --servers "$servers" --runs "$runs" --interleave --warmup "$warmup" --seconds "$each" --json "$out/$name.json" "$@" > "$out/$name.md" || failed="${failed:-} $name"; }

measure pairs --scenarios pairs,pairs-1,lone,pairs-rate
measure wide --scenarios groups,groups-32,groups-100,zipf,offline --warmup $((warmup / 2))
servers=${IDLE_SERVERS:-relay,postgres} measure idle --scenarios idle --warmup $((warmup / 2))
"$bench" --quick > "$out/hot-path.txt"

"$tool" tables --json "$out/pairs.json,$out/wide.json,$out/idle.json" > "$out/tables.md"
{
  printf 'Measured %s: %s cores (%s), %s, .NET %s, `benchmarks/run-performance.sh %s %s`.\n\n' "$(date -u +%Y-%m-%d)" "$(nproc)" \
    "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)" "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" "$(dotnet --version)" "$servers" "$runs"
  cat "$out/tables.md"
  printf '### Engine hot path\n\n`ChatKit.Benchmarks --quick`: %s.\n\n' "$(cat "$out/hot-path.txt")"
} > "$out/section.md"
awk -v section="$out/section.md" '
  /<!-- tables -->/ { print; while ((getline line < section) > 0) print line; skip = 1; next }
  /<!-- \/tables -->/ { skip = 0 }
  !skip' docs/performance.md > "$out/performance.md"
cp "$out/performance.md" docs/performance.md
echo "docs/performance.md is written${failed:+; with failed runs in:$failed}"
[[ -z ${failed:-} ]]
