#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# html.sh PAGES OUT: the built manual pages in PAGES as HTML in OUT, NAME.SECTION.html, with links between them, to Debian's of other
# programs, and an index. Made with mandoc.
set -euo pipefail
pages=$(cd "$1" && pwd) out=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$out"
cp "$here/html.css" "$out/style.css"
cd "$out"
names=()
for page in "$pages"/*; do names+=("${page##*/}"); done
touch "${names[@]/%/.html}" # mandoc links to what is there

for name in "${names[@]}"; do
  mandoc -T html -O 'man=%N.%S.html;https://manpages.debian.org/%N.%S,style=style.css,toc' "$pages/$name" >"$name.part"
  mv "$name.part" "$name.html"
done

# listed TITLE NAME…: a heading, and a line with its purpose for each page.
listed() {
  local name
  printf '<h2>%s</h2>\n<dl>\n' "$1"
  shift 2
  for name; do
    printf '<dt><a href="%s.html">%s</a></dt><dd>%s</dd>\n' "$name" "$name" "$(sed -n 's/^\.Nd //p' "$pages/$name")"
  done
  printf '</dl>\n'
}

cat >index.html.part <<'END'
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>sw: the manual</title>
<link rel="stylesheet" href="style.css">
<h1>sw: sweep-order tools</h1>
<p>Begin with the <a href="sw-tutorial.7.html">tutorial</a>, or with the <a href="sw.7.html">map of the suite</a>.</p>
END
cd "$pages"
{
  listed Commands -- *.1
  listed 'Formats and files' -- *.5
  listed 'About the whole' -- *.7
} >>"$OLDPWD/index.html.part"
cd "$OLDPWD"
mv index.html.part index.html
echo "$PWD/index.html"
