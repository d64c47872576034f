# SPDX-License-Identifier: ISC
# Columns of the file that the command line names, and those that are derived.
function __sw_columns
  for word in (commandline -opc)
    test -f "$word"; and head -c 65536 -- "$word" | head -n 1 | tr -d \"\r | tr , \n
  end
  printf '%s\n' date hour time hour_start nanos order_quantity size value fill_ratio fill
end
