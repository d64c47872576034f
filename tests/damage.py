#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""damage.py STREAM STRICT COMMAND…: cuts STREAM at every byte, and flips one bit of every byte, and runs COMMAND on each.

A cut must end with status 1. A flip must end with status 1, or, unless STRICT is 1, with status 0 and exactly the output
of the undamaged stream (the program did not use that byte). Anything else is printed and fails.
"""
import subprocess
import sys


def run(command, data):
    done = subprocess.run(command, input=data, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def main():
    path, strict, command = sys.argv[1], sys.argv[2] == "1", sys.argv[3:]
    data = open(path, "rb").read()
    status, good, _ = run(command, data)
    assert status == 0, "the undamaged stream fails"
    failures = []
    for at in range(len(data)):
        status, _, message = run(command, data[:at])
        if status != 1 or not message:
            failures.append("cut at %d: status %d" % (at, status))
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        status, out, message = run(command, bytes(flipped))
        if status == 0 and (strict or out != good):
            failures.append("flip at %d: status 0, %s answer" % (at, "same" if out == good else "another"))
        elif status not in (0, 1) or (status == 1 and not message):
            failures.append("flip at %d: status %d" % (at, status))
    print("\n".join(failures))
    sys.exit(bool(failures))


main()
