#!/usr/bin/env bash
# Fills a PostgreSQL through the store and measures the hot calls at each size; writes the growth section of docs/performance.md and its picture.
# About 20 minutes on an otherwise quiet machine, 8 GB of disk. Usage: benchmarks/run-growth.sh [sizes]      default: 10000,1000000,10000000
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sizes=${1:-10000,1000000,10000000}
out=${OUT:-artifacts/performance}
mkdir -p "$out"
dotnet build benchmarks/ChatKit.Storage.Benchmarks -c Release -v quiet -clp:NoSummary
benchmarks/ChatKit.Storage.Benchmarks/bin/Release/net10.0/ChatKit.Storage.Benchmarks --scale "$sizes" --seconds "${SECONDS_EACH:-3}" --plot docs/images/postgres-growth.svg > "$out/growth.md"
awk -v section="$out/growth.md" '
  /<!-- growth -->/ { print; while ((getline line < section) > 0) print line; skip = 1; next }
  /<!-- \/growth -->/ { skip = 0 }
  !skip' docs/performance.md > "$out/growth-page.md"
cp "$out/growth-page.md" docs/performance.md
