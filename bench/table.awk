# SPDX-License-Identifier: ISC
#
# table.awk RUNS.csv: the table of medians, in the order of the file: seconds, how many times as long as ours in the same pairs, CPU
# seconds and the same of these, the memory of the largest process and of all together, and the bytes written. With -v form=plot: TASK CONTENDER SECONDS lines.

function median(list,    count, value, i, j, x) {
	count = split(list, value, " ")
	for (i = 2; i <= count; i++) {
		x = value[i] + 0
		for (j = i - 1; j >= 1 && value[j] + 0 > x; j--) value[j + 1] = value[j]
		value[j + 1] = x
	}
	return count % 2 ? value[(count + 1) / 2] : (value[count / 2] + value[count / 2 + 1]) / 2
}

function mebibytes(kib) { return kib ? sprintf("%.0f", kib / 1024) : "-" }

BEGIN { FS = "," }
NR == 1 { next }
{ key = $1 SUBSEP $2 }
!(key in known) { known[key] = 1; order[++lines] = key; task[lines] = $1; who[lines] = $2 }
$7 > largest[key] + 0 { largest[key] = $7 }
$8 > together[key] + 0 { together[key] = $8 }
{ bytes[key] = $9 }
$4 == "check" || $3 == "check" { next }
{
	seconds[key] = seconds[key] " " $5
	cpu[key] = cpu[key] " " $6
	if ($2 == "sw") { ours[$1, $3] = ours[$1, $3] " " $5; our_cpu[$1, $3] = our_cpu[$1, $3] " " $6 }
}

END {
	if (form != "plot") printf "%-8s %-20s %9s %7s %9s %9s %12s %13s %12s\n", "task", "who", "seconds", "ratio", "cpu s", "cpu ratio", "largest MiB", "together MiB", "bytes"
	for (i = 1; i <= lines; i++) {
		key = order[i]
		if (form == "plot") {
			printf "%s %s\t%s\n", task[i], who[i], median(seconds[key])
			continue
		}
		if (i > 1 && task[i] != task[i - 1]) print ""
		cpu_ratio = who[i] == "sw" ? "" : sprintf("%.2f", median(cpu[key]) / median(our_cpu[task[i], who[i]]))
		ratio = who[i] == "sw" ? "" : sprintf("%.2f", median(seconds[key]) / median(ours[task[i], who[i]]))
		if (who[i] == "sw-no-costs") without[task[i]] = ratio
		if (ratio != "" && who[i] !~ /^sw/ && (!(task[i] in best) || ratio + 0 < best[task[i]] + 0)) { best[task[i]] = ratio; best_who[task[i]] = who[i] }
		printf "%-8s %-20s %9.3f %7s %9.2f %9s %12s %13s %12.0f\n", task[i], who[i], median(seconds[key]), ratio, median(cpu[key]), cpu_ratio, mebibytes(largest[key]), mebibytes(together[key]), bytes[key]
	}
	if (form == "plot") exit
	print ""
	for (i = 1; i <= lines; i++) if (who[i] == "sw" && task[i] in best) printf "%-8s %.2f times as fast as %s, the best of the peers here%s\n", task[i], best[task[i]], best_who[task[i]], without[task[i]] ? sprintf("; %.2f without costs", best[task[i]] / without[task[i]]) : ""
	for (i = 1; i <= lines; i++) {
		if (task[i] != "T4" || who[i] ~ /^sw/) continue
		if (smallest == "" || bytes[order[i]] + 0 < bytes[smallest] + 0) { smallest = order[i]; smallest_who = who[i] }
	}
	if (smallest != "") printf "%-8s %.2f of the bytes of %s, the smallest of the peers here\n", "T4", bytes["T4", "sw"] / bytes[smallest], smallest_who
	print ""
}
