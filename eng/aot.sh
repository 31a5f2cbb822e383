#!/usr/bin/env bash
# Publishes tests/ChatKit.Aot with native AOT, warnings as errors, and runs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
SECONDS=0
dotnet publish tests/ChatKit.Aot/ChatKit.Aot.csproj -c Release -v quiet --use-current-runtime -o "$out"
echo "Published in $SECONDS s: $(du -h "$out/ChatKit.Aot" | cut -f1)"
"$out/ChatKit.Aot"
