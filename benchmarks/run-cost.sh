#!/usr/bin/env bash
# Measures how cost grows with messages in flight, connections and members, and draws it (docs/images/cost-*.svg). About 20 minutes on an otherwise quiet machine.
# Usage: benchmarks/run-cost.sh [servers]      default: relay,postgres
# Settings (environment): WARMUP seconds (15), SECONDS_EACH of a run (5), OUT (artifacts/performance).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

servers=${1:-relay,postgres}
out=${OUT:-artifacts/performance}
tool=benchmarks/ChatKit.Load/bin/Release/net10.0/ChatKit.Load
mkdir -p "$out"
dotnet build benchmarks/ChatKit.Load -c Release -v quiet -clp:NoSummary

# name, value, options: one point.
point() {
  local name=$1 value=$2; shift 2
  "$tool" --servers "$servers" --runs 1 --warmup "${WARMUP:-15}" --seconds "${SECONDS_EACH:-5}" --json "$out/cost-$name-$value.json" "$@" > "$out/cost-$name-$value.md"
}

# name, title, what grows, figures, values.
draw() {
  local name=$1 title=$2 grows=$3 figures=$4 points=(); shift 4
  for value in "$@"; do points+=("$value:$out/cost-$name-$value.json"); done
  "$tool" plot --title "$title" --grows "$grows" --figures "$figures" --points "$(IFS=,; echo "${points[*]}")" --out "docs/images/cost-$name.svg"
}

for n in 1 4 16 64; do point in-flight $n --scenarios pairs --in-flight $n; done
draw in-flight "100 pairs, more in flight" "messages in flight a pair" "msgs/s,p50 ms,host us/msg,db us/msg" 1 4 16 64

for n in 10 100 1000 10000; do point connections $n --scenarios pairs-rate --rate 2000 --pairs $((n / 2)) --in-flight 1; done
draw connections "2,000 messages a second over more connections" "connections" "p50 ms,p99 ms,host us/msg,db us/msg" 10 100 1000 10000

for n in 10 100 1000; do point members $n --scenarios groups --groups 1 --members $n; done
draw members "one group, four in flight, all members online" "members" "deliveries/s,p50 ms,host us/msg,db us/msg" 10 100 1000
