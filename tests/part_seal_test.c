/* SPDX-License-Identifier: ISC
 *
 * part_seal_test [--tally FILE]… PART ENDING…: writes the tally of a part, as its job does, and prints the rows read and kept. FILEs are the
 * tallies that must be there, ENDINGs those of the part's files whose checksums are taken.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/part_seal.h"

int main(int argc, char **argv)
{
    const char *tallies[16];
    struct sw_sealed_part part = {.tallies = tallies};
    struct sw_ledger_counts counts;
    struct sw_error error = {0};
    int at = 1;
    for (; at + 1 < argc && strcmp(argv[at], "--tally") == 0 && part.tally_count < 16; at += 2)
        tallies[part.tally_count++] = argv[at + 1];
    if (at == argc) return 2;
    part.path = argv[at++];
    part.endings = (const char *const *)(argv + at);
    part.ending_count = (size_t)(argc - at);
    if (sw_part_seal(&part, &counts, &error))
        return printf("%" PRIu64 " %" PRIu64 "\n", counts.of[SW_READ], counts.of[SW_KEPT]) < 0;
    fprintf(stderr, "%s\n", error.message);
    return error.status;
}
