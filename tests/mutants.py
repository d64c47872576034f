#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Small faults, put into a copy of the tree one at a time: the tests that ought to notice each do, or it lives, which is a failure.

    tests/mutants.py [--check] [--tier test|check|soak|all] [--jobs N] [NAME…]

A mutant is a file tests/mutants/NAME.mutant:

    # why it matters: a sentence
    file: lib/csv/source.c              what it changes, from here on
    - text that stands there once       lines that follow one another, whole or, where it is one, a part of one
    + text in its place                 none: it is taken out
    test: tests/chunk.bats: REGEX       which tests ought to notice (bats -f); any of several such lines
    tier: check                         these tests are tagged so, or (soak) are the long ones; `test` unless this is said

A place that is not there, or there twice, is an error, and so is a test that is not there or that fails without a mutant. --check
looks at no more than that the places and the tests are there. A mutant that hangs, for LIMIT seconds, is killed, and that is said.
The status is 0 where all are killed, 1 where one lives, 2 where one could not be tried. The last line is "N killed, M lived".
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
FOLDER = TREE / "tests" / "mutants"
LIMIT = 240


class Wrong(Exception):
    pass


class Mutant:
    def __init__(self, path):
        self.name = path.stem
        self.why, self.changes, self.tests, self.tier = "", [], [], "test"
        file, last = None, None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            sign, _, rest = line.partition(" ")
            if sign == "#":
                self.why += " " + rest
            elif sign in ("-", "+"):
                if not file:
                    raise Wrong(f"{path.name}:{number}: no file is named yet")
                if sign == "-" and last != "-":
                    self.changes.append((file, [], []))
                if sign == "+" and last not in ("-", "+"):
                    raise Wrong(f"{path.name}:{number}: + without - before it")
                self.changes[-1][1 if sign == "-" else 2].append(rest)
            elif sign == "file:":
                file = rest.strip()
            elif sign == "test:":
                test, _, pattern = rest.partition(":")
                self.tests.append((test.strip(), pattern.strip()))
            elif sign == "tier:":
                self.tier = rest.strip()
            elif line:
                raise Wrong(f"{path.name}:{number}: what is '{line}'?")
            last = sign
        if not self.why or not self.changes or not self.tests or self.tier not in ("test", "check", "soak"):
            raise Wrong(f"{path.name}: lacks a reason, a change, a test or a tier")

    def changed(self, tree):
        """The files as the mutant has them: {path: (before, after)}."""
        texts = {}
        for file, old, new in self.changes:
            path = tree / file
            if not path.exists():
                raise Wrong(f"{self.name}: {file} is not there")
            before, after = texts.get(path) or (path.read_text(),) * 2
            wanted = "\n".join(old)
            if after.count(wanted) != 1:
                raise Wrong(f"{self.name}: {file} has {after.count(wanted)} places with: {wanted}")
            if not new:  # the whole lines go
                wanted = re.search(r"[^\n]*" + re.escape(wanted) + r"[^\n]*\n", after).group(0) if len(old) == 1 else wanted + "\n"
            texts[path] = (before, after.replace(wanted, "\n".join(new)))
        return texts


def descriptions(tree, file, tier):
    """The tests there that run in the tier: the quick ones are those that are not tagged `check`."""
    text = (tree / file).read_text() if (tree / file).exists() else ""
    names, of_file, of_test = [], set(), set()
    for line in text.splitlines():
        tags = re.match(r"# bats (file|test)_tags=(.*)", line)
        test = re.match(r" *@test +(['\"])(.*)\1 *\{", line)
        if tags:
            found = {tag.strip() for tag in tags[2].split(",")}
            of_file, of_test = (found, of_test) if tags[1] == "file" else (of_file, found)
        elif test:
            if tier != "test" or "check" not in of_file | of_test:
                names.append(re.sub(r"\\(.)", r"\1", test[2]))
            of_test = set()
    return names


def check(mutants):
    wrong = 0
    for mutant in mutants:
        try:
            mutant.changed(TREE)
            for file, pattern in mutant.tests:
                if not any(re.search(pattern, name) for name in descriptions(TREE, file, mutant.tier)):
                    raise Wrong(f"{mutant.name}: {file} has no test '{pattern}' in tier {mutant.tier}")
        except Wrong as error:
            print(f"mutants: {error}", file=sys.stderr)
            wrong += 1
    return wrong


class Copy:
    """A tree of its own, with what was built, in which mutants are tried one after the other."""

    def __init__(self, home, number):
        self.tree = home / str(number) / "tree"
        shutil.copytree(TREE, self.tree, symlinks=True, ignore=shutil.ignore_patterns(".git", "build", "demo"))
        shutil.copytree(TREE / "build/default", self.tree / "build/default")
        if (TREE / "../shared").exists():
            (self.tree / "../shared").symlink_to((TREE / "../shared").resolve())

    def run(self, command, limit):
        """Status and output; None where it took longer. What it leaves running in its group is ended with it, while the number of
        the group is still its own."""
        environment = dict(os.environ, SW_BIN=str(self.tree / "bin"), MAKEFLAGS="", TMPDIR=str(self.tree.parent))
        with tempfile.TemporaryFile(dir=self.tree.parent) as output:
            process = subprocess.Popen(command, cwd=self.tree, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=subprocess.STDOUT, start_new_session=True)
            end = time.monotonic() + limit
            while not (ended := os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)) and time.monotonic() < end:
                time.sleep(0.05)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            output.seek(0)
            return (process.returncode, output.read().decode(errors="replace")) if ended else None

    def build(self):
        made = self.run(["make", "-s", "all"], 900)
        if not made or made[0] != 0:
            raise Wrong("does not build:\n" + (made[1] if made else "for a long time"))

    def bats(self, file, pattern, tier, limit=LIMIT):
        """Outcome, and the tests that fail: ('passes' | 'fails' | 'hangs', names)."""
        quick = ["--filter-tags", "!check"] if tier == "test" else []
        ran = self.run(["bats", "--formatter", "tap", *quick, *(["-f", pattern] if pattern else []), file], limit)
        if ran is None:
            return "hangs", []
        failed = re.findall(r"^not ok \d+ (.*)", ran[1], re.M)
        good = [name for name in re.findall(r"^ok \d+ (.*)", ran[1], re.M) if " # skip" not in name]
        if not failed and not good:
            raise Wrong(f"{file}: no test '{pattern}' ran:\n{ran[1]}")
        return ("fails" if failed or ran[0] else "passes"), failed

    def trial(self, mutant):
        """("killed" | "LIVED", what by)"""
        texts = mutant.changed(self.tree)
        try:
            for path, (_, after) in texts.items():
                path.write_text(after)
            self.build()
            lived = []
            for file, pattern in mutant.tests:
                outcome, failed = self.bats(file, pattern, mutant.tier)
                if outcome == "hangs":
                    return "killed", f"{file}: hangs for {LIMIT} s"
                if outcome == "fails":
                    return "killed", f"{file}: {failed[0] if failed else 'ended early'}"
                lived.append(f"{file}: {pattern}")
            return "LIVED", "; ".join(lived)
        finally:
            for path, (before, _) in texts.items():
                path.write_text(before)


def try_all(mutants, jobs, home):
    copies, lock = [Copy(home, number) for number in range(jobs)], threading.Lock()

    def with_copy(name, work):
        with lock:
            copy = copies.pop()
        try:
            word, by = work(copy)
        except Wrong as error:
            word, by = "ERROR", str(error)
        with lock:
            copies.append(copy)
        print(f"{name}: {word}: {by}", file=sys.stderr, flush=True)
        return word, by

    def without(copy, file, pattern):
        copy.build()
        outcome, failed = copy.bats(file, pattern, "all", 5 * LIMIT)
        if outcome != "passes":
            raise Wrong(f"{file}: {outcome} without a mutant: {', '.join(failed)}")
        return outcome, file

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        needed = {}
        for mutant in mutants:
            for file, pattern in mutant.tests:
                needed.setdefault(file, set()).add(pattern or ".")
        bases = [pool.submit(with_copy, "no mutant", lambda copy, file=file, pattern="|".join(f"({p})" for p in sorted(patterns)):
                             without(copy, file, pattern)) for file, patterns in sorted(needed.items())]
        tried = [pool.submit(with_copy, mutant.name, lambda copy, mutant=mutant: copy.trial(mutant)) for mutant in mutants]
    table = [(mutant.name, *outcome.result()) for mutant, outcome in zip(mutants, tried)]
    wrong = [by for word, by in (base.result() for base in bases) if word == "ERROR"]
    return table, wrong


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("--check", action="store_true")
    options.add_argument("--tier", choices=["test", "check", "soak", "all"], default="test")
    options.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4))
    options.add_argument("names", nargs="*")
    options = options.parse_args()
    try:
        mutants = [Mutant(path) for path in sorted(FOLDER.glob("*.mutant"))]
    except Wrong as error:
        sys.exit(f"mutants: {error}")
    wrong = check(mutants)
    in_test = sum(mutant.tier == "test" for mutant in mutants)
    print(f"{len(mutants)} mutants, {in_test} of them for `make test`", file=sys.stderr)
    if in_test * 10 < len(mutants) * 9:
        print("mutants: fewer than 90% are for `make test`", file=sys.stderr)
        wrong += 1
    if wrong or options.check:
        sys.exit(2 if wrong else 0)
    if options.names:
        unknown = set(options.names) - {mutant.name for mutant in mutants}
        if unknown:
            sys.exit(f"mutants: no mutant {', '.join(sorted(unknown))}")
        mutants = [mutant for mutant in mutants if mutant.name in options.names]
    elif options.tier != "all":
        mutants = [mutant for mutant in mutants if mutant.tier == options.tier]
    with tempfile.TemporaryDirectory(prefix="sw-mutants.") as home:
        table, wrong = try_all(mutants, options.jobs, Path(home))
    for said in wrong:
        print(f"mutants: {said}", file=sys.stderr)
    width = max((len(name) for name, _, _ in table), default=0)
    print()
    for name, word, by in table:
        print(f"{name:{width}}  {word}  {by}")
    killed, lived = (sum(word == wanted for _, word, _ in table) for wanted in ("killed", "LIVED"))
    print(f"{killed} killed, {lived} lived")
    sys.exit(2 if wrong or killed + lived < len(table) else 1 if lived else 0)


main()
