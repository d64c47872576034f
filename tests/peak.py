#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""peak.py [--status N] MIB COMMAND [| COMMAND]…: runs a pipeline and fails unless every command ends with 0, or N (any: whatever), and stays under MIB MiB
resident.

The first command of a pipeline of several is the source and is not measured. The words are given as one argument each, '|' between commands.
"""
import os
import subprocess
import sys


def main():
    words, wanted = sys.argv[1:], 0
    if words[0] == "--status":
        wanted, words = words[1] if words[1] == "any" else int(words[1]), words[2:]
    most, words = int(words[0]), words[1:]
    commands = [[]]
    for word in words:
        if word == "|":
            commands.append([])
        else:
            commands[-1].append(word)
    children, feed = [], None
    for i, command in enumerate(commands):
        last = i == len(commands) - 1
        child = subprocess.Popen(command, stdin=feed, stdout=subprocess.DEVNULL if last else subprocess.PIPE)
        if feed:
            feed.close()
        feed = child.stdout
        children.append((child.pid, command))
    failed = False
    for i, (pid, command) in enumerate(children):
        _, status, usage = os.wait4(pid, 0)
        peak = usage.ru_maxrss / 1024
        source = i == 0 and len(children) > 1
        print("%6.1f MiB  status %d  %s" % (peak, os.waitstatus_to_exitcode(status), " ".join(command)))
        failed = failed or (wanted != "any" and os.waitstatus_to_exitcode(status) != wanted) or (peak >= most and not source)
    sys.stdout.flush()
    os._exit(1 if failed else 0)


main()
