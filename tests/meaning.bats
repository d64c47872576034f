#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Every column of every file that a pipeline leaves is named in a page of the manual.
# bats file_tags=check, plain

load helper

setup_file() {
  export DATA="$BATS_FILE_TMPDIR"
  sw-gen --rows 6000 --securities 5 --days 2 --seed 4 --full -o "$DATA"
  report -o "$DATA/report" "$DATA/orders.csv"
  analyse --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o "$DATA/analysis" "$DATA/orders.csv"
  match --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o "$DATA/match" "$DATA/orders.csv"
  match --replay --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o "$DATA/replay" "$DATA/orders.csv"
}

@test "every column of every output has its meaning in a page" {
  cd "$BATS_TEST_TMPDIR"
  python3 - "$TREE" "$DATA" >unknown <<'PY'
import csv, gzip, pathlib, re, sys
tree, data = map(pathlib.Path, sys.argv[1:])
pages = "\n".join(path.read_text() for path in (tree / "man").iterdir() if path.suffix in (".in", ".7", ".5"))
words = set(re.findall(r"[A-Za-z0-9_]+", pages))
# What a page says once for many: S is a scenario, H a horizon, M a measure of costs.
patterns = [(r"^(unlimited|limited_50|price_impact)_", "S_"), (r"_(50ms|1s|15s|60s|300s)_", "_H_"), (r"^(.*)_(mean|q25|median|q75)$", r"M_\2")]
def is_known(name):
    if name in words:
        return True
    for pattern, general in patterns[:2]:
        if re.search(pattern, name) and re.sub(pattern, general, name) in words:
            return True
    measure = re.match(patterns[2][0], name)
    return bool(measure and "M_" + measure.group(2) in words and is_known(measure.group(1)))
files = 0
for path in sorted(data.glob("*/**/*.csv*")):
    files += 1
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", newline="") as file:
        for name in next(csv.reader(file)):
            if not is_known(name):
                print(name, path.name)
assert files > 60, files
PY
  sort -u unknown >names
  [ ! -s names ] || { cat names; return 1; }
}
