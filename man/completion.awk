# SPDX-License-Identifier: ISC
# The options of every command, read off its --help, for a shell's completion. Input: before each help a line "== COMMAND WHAT IT DOES"; sw-COMMAND is
# a program that has not the options of the command of its name.
#   awk -v shell=bash -f man/completion.awk    words and kinds of values, for the functions of man/completion.bash
#   awk -v shell=fish -f man/completion.awk    a `complete` an option
function kind_of(argument, help,    words) {
    if (argument ~ /^(COL|KEY)(:desc)?,…$/ || argument ~ /^COL/ || argument ~ /^KEY,/) return "columns"
    if (argument ~ /^NAME=MEASURE/) return "measures"
    if (argument == "ZONE") return "zones"
    if (argument == "FORMAT" || argument == "LEVEL" && help ~ /warning/) {
        words = help
        sub(/^.*(result|page|one of): /, "", words)
        sub(/;.*/, "", words)
        gsub(/\([^)]*\)/, "", words)
        gsub(/ or /, ",", words)
        gsub(/ /, "", words)
        if (words ~ /^[a-z.,]+$/) return "words " words
    }
    return argument == "" ? "" : "files"
}
function option(words, help,    count, word, i, names, argument, name) {
    count = split(words, word, /,? +/)
    names = argument = ""
    for (i = 1; i <= count; i++)
        if (word[i] ~ /^-/) names = names " " word[i]
        else if (argument == "") argument = word[i]
    emit(substr(names, 2), argument, help)
}
function emit(names, argument, help,    count, name, i, kind, line) {
    kind = kind_of(argument, help)
    count = split(names, name, " ")
    if (shell == "bash") {
        for (i = 1; i <= count; i++) {
            options[commands] = options[commands] " " name[i]
            if (kind != "" && kind != "files") kinds = kinds "    " command ":" name[i] ") echo '" kind "' ;;\n"
        }
        return
    }
    line = command ~ /^sw-/ ? "complete -c " command : "complete -c sw -n '__fish_seen_subcommand_from " command "'"
    for (i = 1; i <= count; i++) {
        sub(/,$/, "", name[i])
        line = line (name[i] ~ /^--/ ? " -l " substr(name[i], 3) : " -s " substr(name[i], 2))
    }
    help = substr(help, 1, 60)
    gsub(/['\\]/, "\\\\&", help)
    if (kind ~ /^words /) {
        kind = substr(kind, 7)
        gsub(/,/, " ", kind)
        line = line " -x -a '" kind "'"
    } else if (kind == "columns")
        line = line " -x -a '(__sw_columns)'"
    else if (kind != "")
        line = line " -r"
    print line " -d '" help "'"
}
/^== / {
    ready()
    command = $2
    line = $0
    sub(/^== [^ ]+ /, "", line)
    names[++commands] = command
    does[commands] = line
    next
}
# An option, and what is said of it: in its line, in those after it that begin farther in, or both.
function ready() {
    if (pending != "") option(pending, said)
    pending = said = ""
}
/^ +-/ {
    ready()
    sub(/^ +/, "")
    at = match($0, /   */)
    pending = at ? substr($0, 1, at - 1) : $0
    said = at ? substr($0, at + RLENGTH) : ""
    next
}
pending != "" && /^          / {
    sub(/^ +/, "")
    said = said (said == "" ? "" : " ") $0
    next
}
{ ready() }
END {
    ready()
    if (shell == "bash") {
        line = "help"
        for (i = 1; i <= commands; i++) if (names[i] !~ /^sw-/) line = line " " names[i]
        print "__sw_commands='" line "'"
        print "__sw_options() {\n  case $1 in"
        for (i = 1; i <= commands; i++) print "    " names[i] ") echo '" substr(options[i], 2) "' ;;"
        print "  esac\n}\n__sw_kind() {\n  case $1 in\n" kinds "  esac\n}"
    } else
        for (i = 1; i <= commands; i++) {
            if (names[i] ~ /^sw-/) continue
            gsub(/['\\]/, "\\\\&", does[i])
            print "complete -c sw -n '__fish_use_subcommand' -x -a " names[i] " -d '" does[i] "'"
            print "complete -c sw -n '__fish_seen_subcommand_from help' -x -a " names[i]
        }
}
