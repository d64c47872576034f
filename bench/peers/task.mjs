// SPDX-License-Identifier: ISC
// What the peers that run in node share: their arguments, and where their packages are.
//   node PEER.mjs TASK FORMAT INPUT OUTPUT [SECURITY PARTICIPANT]
// FORMAT is what the input is, or for T4 what the output shall be. Answers of T2, T3, T5, T9 are CSV with these columns, the
// keys that a grouping has not empty: security_code,day,participantid,hour,size,rows,full_fills,fill_ratio_mean,quantity_sum,value_sum
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";

export const [task, format, input, output, security, participant] = process.argv.slice(2);
export const cores = Number(process.env.WORKERS || 2);
export const require = createRequire((process.env.PEER_DIRECTORY ?? "/nowhere") + "/");

// Local time is UTC and ten hours; a day and an hour in nanoseconds.
export const zone = 36000000000000n;
export const day = 86400000000000n;
export const hour = 3600000000000n;
export const sizeBounds = [1000, 5000, 10000, 50000];
export const quoted = (text) => "'" + text.replaceAll("'", "''") + "'";

// The key columns of each grouping of the report, T3, T5 and T9; T2 has the first alone.
export const groupings = [["security_code"], ["day"], ["participantid"], ["hour"], ["size"], ["security_code", "day"]];
export const keyColumns = ["security_code", "day", "participantid", "hour", "size"];
export const wantedGroupings = task === "T2" ? groupings.slice(0, 1) : groupings;

export function writeLines(header, lines) {
  writeFileSync(output, [header, ...lines].join("\n") + "\n");
}
