# SPDX-License-Identifier: ISC
# awk -f tests/layers.awk lib/LAYERS SOURCE…: fails where a file of lib/ includes a folder that does not stand below its own,
# and where a line of lib/LAYERS names a folder that does not.
function complain(where, what) {
    print where ": " what
    failed = 1
}
function folder_of(path) {
    if (path !~ /(^|\/)lib\/[^\/]+\//) return ""
    sub(/^(.*\/)?lib\//, "", path)
    sub(/\/.*/, "", path)
    return path
}
FILENAME == ARGV[1] {
    if (/^#/ || NF == 0) next
    floor[$1] = ++floors
    for (i = 2; i <= NF; i++) {
        allowed[$1, $i] = 1
        named[$i] = named[$i] " " $1
    }
    next
}
!checked {
    checked = 1
    for (below in named) {
        count = split(named[below], above, " ")
        for (i = 1; i <= count; i++)
            if (!(below in floor) || floor[below] <= floor[above[i]])
                complain(ARGV[1], above[i] " includes " below ", which is not below it")
    }
}
FNR == 1 {
    own = folder_of(FILENAME)
    if (own != "" && !(own in floor)) complain(FILENAME, "lib/" own " has no floor in lib/LAYERS")
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\"")
    there = part[2]
    where = FILENAME ":" FNR
    if (there !~ /^[a-z]+\/[^\/]+$/) {
        complain(where, "\"" there "\": write FOLDER/FILE.h, as seen from lib/")
        next
    }
    sub(/\/.*/, "", there)
    if (!(there in floor))
        complain(where, "\"" part[2] "\": no such folder of lib/")
    else if (own != "" && there != own && !((own, there) in allowed))
        complain(where, "\"" part[2] "\": " own " does not stand above " there)
}
END { exit failed }
