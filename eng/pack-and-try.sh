#!/usr/bin/env bash
# Packs every project of src/ and follows the README's "Add it" in an empty folder with nothing but those packages.
# The lines executed are the README's own: the blocks after "<!-- try: NAME -->". Prints PASS or FAIL a step.
set -uo pipefail
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# A host started by a test inherits what that test runs under; the README's reader has none of it.
unset ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

work=$(mktemp -d)
host=
cleanup() {
  # setsid made the host the leader of its own group: `dotnet run` and the app end together.
  [[ -n $host ]] && kill -TERM -- "-$host" 2> /dev/null && wait "$host" 2> /dev/null
  rm -rf "$work"
}
trap cleanup EXIT
failed=0
pass() { echo "PASS $1"; }
fail() { echo "FAIL $1"; failed=1; [[ -f ${2:-} ]] && tail -30 "$2"; }
block() { awk -v mark="<!-- try: $1 -->" '$0 == mark { on = 1; next } on && /^```/ { if (inside) exit; inside = 1; next } inside' "$repo/README.md"; }

for name in create Program.cs run chat; do
  [[ -n $(block "$name") ]] || { fail "README has no block <!-- try: $name -->"; exit 1; }
done

# A version of its own each time: no cache can answer with the packages of another run.
version=99.0.0-try.$(date +%s)
mkdir "$work/feed" "$work/app"
for project in "$repo"/src/*/*.csproj; do
  name=$(basename "$project" .csproj)
  if nice -n 3 dotnet pack "$project" -c Release -v quiet -o "$work/feed" -p:MinVerVersionOverride="$version" -p:RunAnalyzers=false "-p:PackageVersion=$version" > "$work/pack.log" 2>&1 &&
    [[ -f $work/feed/$name.$version.nupkg ]]; then pass "pack $name"; else fail "pack $name" "$work/pack.log"; fi
done
(( failed )) && exit 1

# The packages come from the feed; what they depend on from the machine's own sources, and what is already there is not fetched again.
global=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
cat > "$work/NuGet.config" <<CONFIG
<configuration>
  <config><add key="globalPackagesFolder" value="$work/packages" /></config>
  <packageSources><add key="chatkit-try" value="$work/feed" /></packageSources>
  <fallbackPackageFolders><add key="machine" value="$global" /></fallbackPackageFolders>
</configuration>
CONFIG

port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
at_port() { sed "s/localhost:5080/127.0.0.1:$port/g"; }

cd "$work/app"
if bash -euo pipefail -c "$(block create)" > "$work/create.log" 2>&1; then pass "create"; else fail "create" "$work/create.log"; exit 1; fi
cd MyChat
block Program.cs > Program.cs
if dotnet build -v quiet > "$work/build.log" 2>&1; then pass "build"; else fail "build" "$work/build.log"; exit 1; fi

setsid bash -c "$(block run | at_port)" > "$work/run.log" 2>&1 &
host=$!
for (( i = 0; i < 120; i++ )); do
  curl -s -o /dev/null "http://127.0.0.1:$port/chat/conversations" && break
  kill -0 "$host" 2> /dev/null || break
  sleep 0.5
done
status=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/chat/conversations")
if [[ $status == 401 ]]; then pass "run: nobody comes in unsigned"; else fail "run: unsigned got $status, not 401" "$work/run.log"; exit 1; fi

# The README's own lines, answers one after the other.
if bash -euo pipefail -c "$(block chat | at_port | sed 's/^curl .*/&; echo/')" > "$work/chat.log" 2> "$work/chat.err"; then pass "chat: every command answered"; else fail "chat" "$work/chat.err"; cat "$work/chat.log" "$work/run.log"; exit 1; fi
mapfile -t answers < <(grep -v '^$' "$work/chat.log")
expect() { if [[ $2 == *"$3"* ]]; then pass "$1"; else fail "$1: no $3 in: $2"; fi; }
expect "sync: a new device comes in" "${answers[0]:-}" '"next":'
expect "send: stored, with its number" "${answers[1]:-}" '"seq":'
expect "sync: the long poll brings it" "${answers[2]:-}" 'Hi Bob'
expect "history: it is there" "${answers[3]:-}" 'Hi Bob'

# And live: Bob waits first, Ann sends then.
token() { curl -sf -X POST "http://127.0.0.1:$port/sign-in/$1" | sed 's/.*"accessToken": *"\([^"]*\)".*/\1/'; }
ann=$(token ann) bob=$(token bob)
next=$(sed 's/.*"next": *"\([^"]*\)".*/\1/' <<< "${answers[2]:-}")
curl -sf -m 40 -G "http://127.0.0.1:$port/chat/sync" -d device=phone -d wait=25 --data-urlencode "after=$next" -H "Authorization: Bearer $bob" > "$work/live.json" &
waiting=$!
curl -sf "http://127.0.0.1:$port/chat/direct/bob/messages" -H "Authorization: Bearer $ann" -H 'Content-Type: application/json' -d '{"text":"And live"}' > /dev/null
wait "$waiting"
expect "sync: a waiting poll is woken" "$(cat "$work/live.json")" 'And live'
expect "sync: what was acknowledged does not come again" "x$(grep -o 'Hi Bob' "$work/live.json")x" 'xx'
exit "$failed"
