#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# lib/csv's twins against each other (tests/csv_test.c): SIMD levels, number readers, the fast way and libcsv.
# bats file_tags=plain

bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

build() {
  local test
  test=$(test_program csv_test)
  ln -s "$test" csv_test
}

@test "csv: every SIMD level finds the same separators as a loop over bytes" {
  build
  ./csv_test scan >levels
  grep -qx 'portable: here' levels
}

@test "csv: every SIMD level of the scan for literals finds what a loop over bytes finds" {
  build
  ./csv_test sweep >levels
  grep -qx 'portable: here' levels
}

@test "csv: the prefilter keeps the rows that hold a literal, and no others" {
  build
  ./csv_test prefilter
}

@test "csv: numbers read four and eight at a time are those of the book" {
  build
  ./csv_test numbers
}

# bats test_tags=check
@test "csv: scanner and numbers on arm64, under qemu" {
  skip_without aarch64-linux-gnu-gcc qemu-aarch64
  (cd "$TREE" && aarch64-linux-gnu-gcc -static -std=gnu11 -D_GNU_SOURCE -O1 -Ilib -DKERNELS_ALONE -o "$BATS_TEST_TMPDIR/arm" \
    tests/csv_test.c lib/csv/{regular_rows,prefilter}.c lib/kernels/{cpu,scan,literal_scan,literals,parse_numbers}.c lib/base/{number,memory,error,shown,utf8,bytes}.c)
  qemu-aarch64 ./arm scan >levels
  grep -qx 'neon: here' levels
  qemu-aarch64 ./arm sweep >levels
  grep -qx 'neon: here' levels
  qemu-aarch64 ./arm numbers
}

# bats test_tags=check
@test "csv: levels and numbers on a CPU without AVX, under qemu" {
  skip_without qemu-x86_64
  [ "$(uname -m)" = x86_64 ] || skip "not x86-64"
  build
  qemu-x86_64 -cpu Nehalem ./csv_test scan >levels
  grep -qx 'avx2: absent' levels
  qemu-x86_64 -cpu Nehalem ./csv_test sweep
  qemu-x86_64 -cpu Nehalem ./csv_test numbers
}

@test "csv: rows are the same through the fast way and through libcsv" {
  build
  python3 - <<'PYTHON'
import random
random.seed(7)
pieces = ['1', '22', 'abc', ' ', '', '""', '"x"', '"a,b"', '"a\nb"', '"q""q"', '"\r\n"', 'a\r', 'x"y', '"z"z', '\t', '\0']
plain = pieces[:5]
for number in range(60):
    with open(f'rows{number}.csv', 'w', newline='') as to:
        to.write('a,b,c\n')
        for _ in range(random.choice([3, 40, 6000])):
            pool = plain if number % 3 == 0 or random.random() < .7 else pieces
            fields = 3 if random.random() < .98 else random.randrange(6)
            to.write(','.join(random.choice(pool) for _ in range(fields)))
            to.write(random.choice(['\n', '\n', '\n', '\r\n', '\n\n']))
        if number % 2:
            to.write('1,2,"last' if number % 4 == 1 else '1,2,last')
PYTHON
  for file in rows*.csv; do
    ./csv_test rows "$file" >both
    sed '/^--$/,$d' both >fast
    sed '1,/^--$/d' both >libcsv
    cmp fast libcsv
    [ -s fast ]
  done
}

@test "csv: well-formed rows are those of Python's reader" {
  build
  python3 - <<'PYTHON'
import csv, random
random.seed(11)
pieces = ['1', 'abc', ' ', '', 'x,y', 'l\nm', 'q"q', '\r\n', '"', '""', ' lead', 'trail ', 'é']
rows = [[random.choice(pieces) for _ in range(3)] for _ in range(3000)]
with open('rows.csv', 'w', newline='') as to:
    to.write('a,b,c\n')
    csv.writer(to, lineterminator='\n').writerows(rows)
with open('expected', 'w', newline='') as to:
    for row in [['a', 'b', 'c']] + rows:
        print(''.join('[' + ''.join(c if c == 'é' or c >= ' ' else '\\%03o' % ord(c) for c in field) + ']'
                      for field in row), file=to)
PYTHON
  ./csv_test rows rows.csv | sed '/^--$/,$d; s/ @[0-9+]*$//' >ours
  cmp ours expected
}

@test "csv: a decimal has all of 128 bits, the lowest one too, and no more" {
  printf 'table t\ncolumn wide decimal:0\ncolumn tight decimal:2\n' >t.schema
  lowest=-170141183460469231731687303715884105728 highest=170141183460469231731687303715884105727
  printf 'wide,tight\n%s,%s.%s\n%s,%s.%s\n' \
    "$lowest" "${lowest%28}" 28 "$highest" "${highest%27}" 27 >borders.csv
  sw-chunk -t ./t.schema borders.csv | sw-cut >back.csv
  cmp borders.csv back.csv
  printf 'wide,tight\n%s,1\n' "${lowest%8}9" >beyond.csv
  expect_status 1 sw-chunk -t ./t.schema beyond.csv
  [[ $output == *"beyond.csv:2: wide: out of range: '${lowest%8}9'"* ]]
}
