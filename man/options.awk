# SPDX-License-Identifier: ISC
# The option lines of a pipeline's --help ("  -s, --securities CODES    these securities") as an mdoc list.
function text(line) {
    gsub(/\\/, "\\e", line)
    return line ~ /^[.']/ ? "\\&" line : line
}
function flag(word, argument) {
    sub(/,$/, "", word)
    sub(/^--/, "Fl ", word) || sub(/^-/, "", word)
    return "Fl " word (argument == "" ? "" : " Ar \"" text(argument) "\"")
}
BEGIN { print ".Bl -tag -width Ds" }
!/^ +-/ { next }
{
    sub(/^ +/, "")
    at = match($0, /   */)
    words = at ? substr($0, 1, at - 1) : $0
    help = at ? substr($0, at + RLENGTH) : ""
    count = split(words, word, " ")
    item = ".It"
    for (i = 1; i <= count; i++) {
        if (word[i] !~ /^-/) continue
        argument = i < count && word[i + 1] !~ /^-/ ? word[i + 1] : ""
        item = item (i > 1 ? " ," : "") " " flag(word[i], argument)
    }
    print item
    if (help != "") print text(help) "."
}
END { print ".El" }
