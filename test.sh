#!/usr/bin/env bash
# Builds everything, checks the formatting and runs every test project.
# The last line is "N passed, N failed"; the exit code is not 0 when anything failed or nothing ran.
# Settings (environment): CHATKIT_TEST_TIMEOUT seconds a test project may take (600); CHATKIT_AOT=1 also eng/aot.sh.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
results=artifacts/test-results
limit=${CHATKIT_TEST_TIMEOUT:-600}
extra=0   # failures that no TRX file knows of: a build error, a crash, a time-out

say() { printf '\n== %s\n' "$*"; }
# The in-memory adapter is not durable, so the kit's restart tests have nothing to restart there; no other skip is allowed.
undurable() { find "$results" -name 'ChatKit.Core.Tests.trx' -exec cat {} + 2>/dev/null | grep -o '<UnitTestResult [^>]*outcome="NotExecuted"[^>]*><Output><StdOut>The adapter is not durable[.]</StdOut>' | wc -l; }
count() { find "$results" -name '*.trx' -exec cat {} + 2>/dev/null | grep -o '<UnitTestResult [^>]*>' | grep -c "outcome=\"\($1\)\"" || true; }
finish() {
  local passed failed
  passed=$(count Passed)
  # A skipped test proves nothing: it counts as failed.
  failed=$(( $(count 'Failed\|NotExecuted') - $(undurable) + extra ))
  if (( passed + failed == 0 )); then echo "No test ran."; failed=1; fi
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  (( failed == 0 )); exit
}

rm -rf "$results"; mkdir -p "$results"

browser='apt-get update && apt-get install -y --no-install-recommends chromium'
if [[ ! -x /usr/bin/chromium ]]; then
  say "Installing chromium (the browser tests need it)"
  if [[ $(id -u) -eq 0 ]] && command -v apt-get > /dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    if ! bash -c "$browser" > "$results/apt.log" 2>&1; then tail -20 "$results/apt.log"; echo "Failed: $browser"; extra=1; finish; fi
  else
    echo "There is no /usr/bin/chromium. Install it: sudo sh -c '$browser'"; extra=1; finish
  fi
fi

if ! ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 && ! command -v initdb > /dev/null; then
  database='apt-get update && apt-get install -y --no-install-recommends postgresql'
  say "Installing postgresql (the tests start servers of their own)"
  if [[ $(id -u) -eq 0 ]] && command -v apt-get > /dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    if ! bash -c "$database" > "$results/apt.log" 2>&1; then tail -20 "$results/apt.log"; echo "Failed: $database"; extra=1; finish; fi
  else
    echo "There is no PostgreSQL server. Install it: sudo sh -c '$database'"; extra=1; finish
  fi
fi

say "Build"
if ! dotnet build ChatKit.sln -c Release -v quiet -clp:NoSummary; then extra=1; finish; fi

say "Formatting"
if ! dotnet format whitespace ChatKit.sln --verify-no-changes --no-restore; then
  echo "Mend it: dotnet format whitespace ChatKit.sln"; extra=$((extra + 1))
fi

for project in tests/*/*.csproj; do
  # Some projects under tests/ are helpers that the tests start; MSBuild knows which are tests.
  read -r is_test target < <(dotnet msbuild "$project" -p:Configuration=Release -getProperty:IsTestProject -getProperty:TargetPath |
    sed -n 's/.*"\(IsTestProject\|TargetPath\)": "\(.*\)".*/\2/p' | tr '\n' ' '; echo)
  [[ $is_test == true ]] || continue
  name=$(basename "$project" .csproj)
  say "$name"
  before=$(count 'Failed\|NotExecuted')
  timeout --kill-after=10 "$limit" dotnet "$target" -noColor -trx "$PWD/$results/$name.trx"
  code=$?
  (( code == 124 || code == 137 )) && echo "$name was ended after $limit s."
  if (( code != 0 )) && (( $(count 'Failed\|NotExecuted') == before )); then
    echo "$name ended with code $code and no failed test: one failure."; extra=$((extra + 1))
  fi
done

if [[ ${CHATKIT_AOT:-} == 1 ]]; then
  say "AOT"
  eng/aot.sh || extra=$((extra + 1))
fi

finish
