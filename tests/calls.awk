# SPDX-License-Identifier: ISC
# nm -A -P OBJECT… | awk -f tests/calls.awk lib/LAYERS -: fails where a file of lib/ calls (or reads a variable of) a room that does not
# stand below its own, or where files call each other in a circle. Else it draws the rooms: sources, global names, and whom each calls.
function complain(what) {
    print what
    failed = 1
}
function room_of(file) {
    sub(/\/.*/, "", file)
    return file
}
# The files of which nothing is left to call, and those that nobody calls, are in no circle; what remains, is.
function peel(    file, changed, callee, calls_some, called_by_some, edge, pair) {
    for (file in source) left[file] = 1
    do {
        changed = 0
        split("", calls_some)
        split("", called_by_some)
        for (edge in calls) {
            split(edge, pair, SUBSEP)
            if (left[pair[1]] && left[pair[2]]) {
                calls_some[pair[1]] = 1
                called_by_some[pair[2]] = 1
            }
        }
        for (file in left)
            if (left[file] && !(calls_some[file] && called_by_some[file])) {
                left[file] = 0
                changed = 1
            }
    } while (changed)
}
FILENAME == ARGV[1] {
    if (/^#/ || NF == 0) next
    floor[$1] = ++floors
    name[floors] = $1
    for (i = 2; i <= NF; i++) allowed[$1, $i] = 1
    next
}
{
    file = $1
    sub(/^.*lib\//, "", file)
    sub(/\.o:$/, "", file)
    source[file] = 1
    if ($3 ~ /^[TDRBC]$/) {
        home[$2] = file
        names[room_of(file)]++
    } else if ($3 == "U")
        wanted[++wants] = file SUBSEP $2
}
END {
    for (i = 1; i <= wants; i++) {
        split(wanted[i], want, SUBSEP)
        if (!(want[2] in home) || home[want[2]] == want[1]) continue
        there = home[want[2]]
        calls[want[1], there] = calls[want[1], there] " " want[2]
        from = room_of(want[1])
        to = room_of(there)
        if (from == to) continue
        if (!((from, to) in allowed)) complain("lib/" want[1] ".c: calls " want[2] " of lib/" there ".c: " from " does not stand above " to)
        drawn[from, to] = 1
    }
    peel()
    for (edge in calls) {
        split(edge, pair, SUBSEP)
        if (left[pair[1]] && left[pair[2]])
            complain("lib/" pair[1] ".c: in a circle of calls: lib/" pair[2] ".c:" calls[edge])
    }
    if (failed) exit 1
    for (file in source) sources[room_of(file)]++
    for (i = 1; i <= floors; i++) {
        line = ""
        for (j = i + 1; j <= floors; j++)
            if ((name[i], name[j]) in drawn) line = line " " name[j]
        printf "%-9s %3d sources %4d global names%s%s\n", name[i], sources[name[i]], names[name[i]], line == "" ? "" : "  ─▶", line
    }
}
