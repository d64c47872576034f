#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""fault_sweep.py [--every] [--calls CALL,…] [--only TEXT] FAULT.so BIN FOLDER

Runs every program of the suite on small inputs in FOLDER (events.csv, trades.csv, nbbo.csv of sw-gen) with one call after the other
failing (tests/fault.c): the first, the second and so on until the program no longer comes to it; without --every not each of them.
Whatever happened, a program ends, by itself, with 0 and just the files that it has undisturbed, or with another documented status
and a message; then nothing new stands under a final name, what stood there is untouched, and nothing temporary is left. Prints what
did not; status 1 where there was anything, or where a program or a call was never disturbed.
"""
import argparse
import concurrent.futures
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

# A call, and how it fails: of every program, and what is left out without --every.
FAULTS = [
    ("write", "ENOSPC+"), ("write", "short"), ("read", "EIO"), ("read", "short"), ("pread", "EIO"), ("open", "EMFILE"), ("close", "EIO"),
    ("rename", "EIO"), ("mkostemp", "ENOSPC"), ("malloc", "ENOMEM"),
]
MORE_FAULTS = [
    ("write", "EIO"), ("write", "EINTR"), ("read", "EINTR"), ("pread", "short"), ("pread", "EINTR"),
    ("pwrite", "ENOSPC"), ("pwrite", "short"), ("pwrite", "EINTR"), ("open", "EACCES"), ("close", "EINTR"), ("lseek", "EIO"), ("fstat", "EIO"),
    ("fsync", "EIO"), ("ftruncate", "EIO"), ("fallocate", "ENOSPC"), ("fchmod", "EIO"), ("fchown", "EACCES"), ("dup", "EMFILE"), ("pipe", "EMFILE"),
    ("fork", "EAGAIN"), ("rename", "ENOSPC"), ("link", "EIO"), ("mkdir", "ENOSPC"), ("stat", "EACCES"),
    ("realpath", "ENOMEM"), ("readlink", "EIO"), ("mkdtemp", "ENOSPC"), ("fopen", "EMFILE"), ("fread", "EIO"),
    ("getrandom", "EINTR"), ("malloc", "ENOMEM+"), ("mmap", "ENOMEM"), ("unlink", "EIO"),
]
LIMIT_SECONDS = 60
# What they cannot find out of the machine they do without.
TELL_OF_THE_MACHINE = ("sw-hwinfo", "sw-conf", "sw-monitor --run")

# A name and a command; {in} is the folder of the inputs, out/ where results go. What is printed counts as a result.
COMMANDS = """
sw-chunk -o out/o.swr {in}/events.csv
sw-chunk -c price,side {in}/events.csv.gz
sw-chunk --range 3000:20000 --bad-rows out/bad --tally out/tally -o out/o.swr {in}/rough.csv
sw-chunk -s 110621 -z 1 --bad-rows out/bad -o out/o.swr {in}/rough.csv
sw-chunk --index -b 8K -o out/index {in}/events.csv
sw-chunk -s 110621 -o out/o.swr {in}/indexed.csv
sw-chunk --plan --exact -b 8K {in}/rough.csv
sw-filter -e side==1&&price>1 --reject out/r.swr --tally out/tally -o out/o.swr {in}/events.swr
sw-filter -s 110621 -c date,price -o out/o.swr {in}/sorted.swr
sw-filter -s @{in}/codes --count {in}/events.swr
sw-agg -g side -o out/sides.csv {in}/events.swr
sw-agg --reports all -o out/reports {in}/events.swr
sw-agg --reports all --partial -o out/partial.swr {in}/events.swr
sw-agg --merge -g side -f parquet -o out/sides.parquet {in}/partial.swr {in}/partial.swr
sw-cut -o out/o.csv.gz {in}/events.swr
sw-cut -f jsonl --iso-time --tz Australia/Sydney {in}/events.swr
sw-cut -f parquet --tally out/tally -o out/o.parquet {in}/events.swr
sw-cut -f arrow -o out/o.arrow {in}/events.swr
sw-split -k side -o out/sides/{{side}}.swr {in}/events.swr
sw-split -k date,side -f csv -o out/{{date}}/{{side}}.csv.gz {in}/events.swr
sw-info {in}/sorted.swr
sw-info --verify {in}/sorted.swr
sw-info --digest {in}/events.swr
sw-optimize --index -o out/o.swr {in}/events.swr
sw-sort -k price,timestamp:desc --index -o out/o.swr {in}/events.swr
sw-sort -k price -S 1M -T out -o out/o.swr {in}/many.swr
sw-sort -m -k security_code,order_id,timestamp -s 110621 -o out/o.swr {in}/sorted.swr {in}/sorted.swr
sw-classify --all --trades {in}/trades.swr --tally out/tally -o out/o.swr {in}/sorted.swr
sw-metrics -g date -o out/metrics.csv {in}/classified.swr
sw-simulate --nbbo {in}/nbbo.swr --per-order out/orders.swr -o out/o.swr {in}/classified.swr
sw-compare --real price --simulated price --independent -o out/o.csv {in}/events.swr
sw-tca --trades {in}/trades.swr --nbbo {in}/nbbo.swr --events {in}/sorted.swr --tally out/tally -o out/o.swr {in}/classified.swr
sw-match --replay --trades {in}/trades.swr --nbbo {in}/nbbo.swr -o out/o.swr {in}/sorted.swr
sw-match --trades {in}/trades.swr --nbbo {in}/nbbo.swr --sweeps out/sweeps.swr --summary out/rules.csv --partial out/rules.swr --tally out/tally -o out/o.swr {in}/sorted.swr
sw-join -k security_code,order_id --with {in}/classified.swr -c date --tally out/tally -o out/o.swr {in}/sorted.swr
sw-gen --rows 200 --seed 3 -o out/made
sw-gen --rows 2000 --seed 3 --stdout orders
sw-plan -s 110621 {in}/indexed.csv {in}/events.csv.gz {in}/events.swr
sw-conf show preset=laptop
sw-page --no-plots -o out/page.html {in}/run
sw-hwinfo --root {in}
sw-hwinfo --root {in} --input 10G -f json -o out/machine
sw-monitor {in}/events.swr
sw-monitor --run {in}/run --once --json -o out/picture
sw-monitor --run {in}/run --once --prometheus -o out/metrics
sw-compare-runs -o out/differences.csv.gz {in}/run {in}/run
sw-study --trades {in}/trades.swr --nbbo {in}/nbbo.swr -o out/study {in}/sorted.swr
sw-job --holders {in}/events.csv
sw-ledger matrix {in}/analysis/run
"""

PREPARE = """
sw-gen --rows 900 --securities 3 --days 2 --seed 5 -o {in}/made
sw-chunk --block-rows 100 -o {in}/events.swr {in}/made/orders.csv
sw-sort -k security_code,order_id,timestamp,sequence --block-keys security_code --index -o {in}/sorted.swr {in}/events.swr
sw-chunk -o {in}/raw.swr {in}/made/trades.csv
sw-sort -k security_code,order_id,timestamp -o {in}/trades.swr {in}/raw.swr
sw-chunk -o {in}/quotes.swr {in}/made/nbbo.csv
sw-sort -k security_code,timestamp -o {in}/nbbo.swr {in}/quotes.swr
sw-classify --all --trades {in}/trades.swr -o {in}/classified.swr {in}/sorted.swr
sw-agg --reports all --partial -o {in}/reports.swr {in}/events.swr
sw-agg -g side --partial -o {in}/partial.swr {in}/events.swr
sw-gen --rows 40000 --seed 5 -o {in}/larger
sw-chunk -c price,timestamp,order_id -o {in}/many.swr {in}/larger/orders.csv
"""


def prepare(folder, binaries):
    for line in PREPARE.split("\n"):
        if line:
            words = line.format(**{"in": folder}).split()
            subprocess.run([f"{binaries}/{words[0]}", *words[1:]], check=True)
    lines = open(f"{folder}/made/orders.csv").read().split("\n")
    open(f"{folder}/events.csv", "w").write("\n".join(lines))
    rough = [line + "\n" * (i % 40 == 7) for i, line in enumerate(lines)]
    rough[100] = rough[100].replace(",", ",x", 1)
    rough[200] = '"' + rough[200].replace(",", '",', 1)
    open(f"{folder}/rough.csv", "w").write("\n".join(rough))
    open(f"{folder}/codes", "w").write("\n".join(sorted({line.split(",")[2] for line in lines[1:] if line})) + "\n")
    shutil.copy(f"{folder}/events.csv", f"{folder}/indexed.csv")
    subprocess.run([f"{binaries}/sw-chunk", "--index", "-b", "8K", f"{folder}/indexed.csv"], check=True)
    subprocess.run(["gzip", "-kn", f"{folder}/events.csv"], check=True)
    pipelines = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../pipelines")
    made = f"{folder}/made"
    for run in (
        [f"{pipelines}/report", "-j", "1", "-o", f"{folder}/run", f"{folder}/events.csv"],
        [f"{pipelines}/analyse", "-j", "1", "--trades", f"{made}/trades.csv", "--nbbo", f"{made}/nbbo.csv", "-o", f"{folder}/analysis", f"{folder}/events.csv"],
    ):
        subprocess.run(run, check=True, env=os.environ | {"SW_BIN": binaries})
    time.sleep(3)  # of files that have just been changed a plan notes no times (files/seen.h), of others it does


def contents(folder):
    """What stands there: name -> digest."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            found[os.path.relpath(path, folder)] = hashlib.sha256(open(path, "rb").read()).hexdigest()
    return found


class Sweep:
    def __init__(self, library, binaries, inputs, scratch):
        self.library, self.binaries, self.inputs, self.scratch = library, binaries, inputs, scratch
        self.outputs = {}  # per command: what it prints, and the files that it makes

    def run(self, line, fault, old):
        """Runs a command in a folder of its own; where `old` is not None there are files of these names already."""
        folder = tempfile.mkdtemp(dir=self.scratch)
        try:
            os.makedirs(f"{folder}/out")
            os.makedirs(f"{folder}/tmp")
            for name in old:
                os.makedirs(os.path.dirname(f"{folder}/out/{name}"), exist_ok=True)
                open(f"{folder}/out/{name}", "w").write("old")
            words = line.format(**{"in": self.inputs}).split()
            environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TMPDIR": f"{folder}/tmp"}
            if fault:
                environment |= {"LD_PRELOAD": self.library, "FAULT": fault, "FAULT_NOTE": f"{folder}/note"}
            try:
                done = subprocess.run([f"{self.binaries}/{words[0]}", *words[1:]], cwd=folder, env=environment,
                                      stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_SECONDS)
                status, said, printed = done.returncode, done.stderr.decode(errors="replace"), done.stdout
            except subprocess.TimeoutExpired:
                status, said, printed = "hangs", "", b""
            return (status, said, printed, contents(f"{folder}/out"), contents(f"{folder}/tmp"), os.path.exists(f"{folder}/note"))
        finally:
            shutil.rmtree(folder)

    def learn(self, line):
        status, said, printed, made, left, _ = self.run(line, None, [])
        if status != 0 or left:
            sys.exit(f"{line}: undisturbed: {status}: {said}{left}")
        self.outputs[line] = (printed, made)

    def judge(self, line, fault, old, outcome):
        """What is wrong with the outcome; None: nothing."""
        status, said, printed, made, left, _ = outcome
        printed_whole, made_whole = self.outputs[line]
        cleaning = fault.startswith("unlink")
        if status == "hangs" or status < 0 or status > 3:
            return f"status {status}"
        if status == 0:
            if "; it is not used" in said:
                return None  # an index that cannot be read is told, and done without
            if line.startswith(TELL_OF_THE_MACHINE):
                made, made_whole, printed = set(made), set(made_whole), printed_whole
            if made != made_whole or printed != printed_whole:
                return "status 0, but another result"
            return f"left {left}" if left and not cleaning else None
        if not said.startswith(line.split()[0] + ":"):
            return f"status {status}, but no message: {said!r}"
        stale = hashlib.sha256(b"old").hexdigest()
        wrong = {name for name, digest in made.items()
                 if not (name in old and digest == stale) and not self.may_be_there(line, name, digest)}
        gone = set(old) - set(made)
        if (wrong or gone or left) and not cleaning:
            return f"status {status}, and there is {sorted(wrong)} {sorted(left)}, gone {sorted(gone)}: {said.strip()}"
        return None

    def may_be_there(self, line, name, digest):
        """One of several results may be whole and have its name when another one fails."""
        made_whole = self.outputs[line][1]
        return len(made_whole) > 1 and made_whole.get(name) == digest

    def sweep(self, line, call, how, every):
        """Returns how often the call was disturbed, and what went wrong."""
        wrong, count, n = [], 0, 1
        while True:
            old = sorted(self.outputs[line][1]) if count % 2 else []
            fault = f"{call}:{n}:{how}"
            outcome = self.run(line, fault, old)
            if not outcome[5]:
                return count, wrong
            count += 1
            what = self.judge(line, fault, old, outcome)
            if what:
                wrong.append(f"FAULT={fault} {line}: {what}")
            n += 1 if every else n


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--calls", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("library")
    parser.add_argument("binaries")
    parser.add_argument("inputs")
    given = parser.parse_args()
    faults = FAULTS + (MORE_FAULTS if given.every or given.calls else [])
    faults = [fault for fault in faults if not given.calls or fault[0] in given.calls.split(",")]
    lines = [line for line in COMMANDS.split("\n") if line and given.only in line]
    given.library, given.inputs = os.path.abspath(given.library), os.path.abspath(given.inputs)
    os.makedirs(given.inputs, exist_ok=True)
    prepare(given.inputs, given.binaries)
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        sweep = Sweep(given.library, given.binaries, given.inputs, scratch)
        list(pool.map(sweep.learn, lines))
        jobs = [(line, call, how) for line in lines for call, how in faults]
        results = list(pool.map(lambda job: sweep.sweep(*job, given.every), jobs))
    wrong = [text for _, texts in results for text in texts]
    disturbed = {}
    for (line, call, _), (count, _) in zip(jobs, results):
        disturbed[line.split()[0]] = disturbed.get(line.split()[0], 0) + count
        disturbed[call] = disturbed.get(call, 0) + count
    print("\n".join(wrong))
    print("disturbed:", ", ".join(f"{name} {count}" for name, count in disturbed.items()))
    programs = {name for name in os.listdir(given.binaries) if name.startswith("sw-")}
    missing = set() if given.only else programs - {name for name, count in disturbed.items() if count}
    if missing:
        print("never disturbed:", *sorted(missing))
    sys.exit(1 if wrong or missing else 0)


main()
