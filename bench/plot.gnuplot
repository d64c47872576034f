# SPDX-License-Identifier: ISC
# gnuplot -e "data='…'; out='…'" plot.gnuplot: a bar for each contender of each task, seconds on a logarithmic scale, ours in another colour.
set terminal svg size 900, 900 font 'sans-serif,12' background 'white'
set output out
set datafile separator "\t"
set title 'Seconds for each task, medians; the shorter the better'
set logscale x
set xlabel 'seconds'
set grid xtics
set yrange [] reverse
set offsets 0, 0, 0.5, 0.5
set style fill solid 0.9 noborder
unset key
least = 0.01
ours(name) = strstrt(name, ' sw') > 0
plot data using (sqrt($2 * least)):0:(least):2:($0 - 0.35):($0 + 0.35):(ours(strcol(1)) ? 0x1f6f43 : 0xb0b7bf):ytic(1) with boxxyerror linecolor rgb variable
