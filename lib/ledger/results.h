/* SPDX-License-Identifier: ISC
 *
 * The results that the jobs of an analysis left, each in a folder, PLACE, for one security or a range of them: which of them are still of use,
 * and the jobs that make the others. STAGE is WORK/securities.
 *
 *     STAGE/{found,orders,trades,nbbo}, what is there ─▶ sw_results_plan ─▶ STAGE/{list,jobs,weights,keep,remove}
 *     STAGE/attempts/PLACE, what a job has made       ─▶ sw_results_seal ─▶ STAGE/attempts/PLACE/{members,files,check}
 *
 *     STAGE/results/PLACE/  its streams; tally, a line of names and a line a security; members, CODE FOLDER KEY a line, by which a
 *                           security's results are known; files, SIZE PATH of what is below OUTPUT/by_security; check, of the tally
 *
 * A security's results are of use where its key is that of its parts and options, the place is whole, and its files below by_security are there,
 * with their sizes, and no others. Where the files below by_security are a place's, all its securities' in one folder of its name, that holds
 * for all of them or for none.
 */
#ifndef SW_LEDGER_RESULTS_H
#define SW_LEDGER_RESULTS_H

#include "base/bytes.h"

struct sw_results {
    const char *work, *output;
    const char *made_by; /* what all keys depend on beside the parts */
    const char *streams; /* that a place must have, names between commas */
    /* Above as many securities ranges are made of them, about as many, or half of that where they have few events; 0: never. */
    uint64_t ranges;
};

/* Writes, each file whole:
 *
 *     list     CODE FOLDER KEY of all that were found, the most events first
 *     jobs     NAME CODES KEYS FOLDERS EVENTS ORDER-PARTS TRADE-PARTS QUOTE-PARTS PLACE of those that are to be made, the most events
 *              first; what there are several of stands between commas
 *     weights  NAME EVENTS of the jobs
 *     keep     FROM TO CODES of places that hold others, too: of FROM these securities are to be kept, as TO; all but its
 *              streams is in attempts/TO
 *     remove   the paths of what is of nobody's use, each ended by a NUL: places, and folders of by_security of other securities
 *
 * Sets *count to the securities of the jobs. SW_SYSTEM: a file that cannot be read or written, or is none of its form. */
bool sw_results_plan(const struct sw_results *results, uint64_t *count,
                     struct sw_error *error) SW_CHECKED;

/* What the job whose line in STAGE/jobs has this number has made in its attempt's folder is ready for its place: nobody else may write the files there, and
 * members, files (of its by_security) and check are there. Tells what the tally says. SW_SYSTEM on failure. */
struct sw_sealed {
    uint64_t events, selected;
};
bool sw_results_seal(const char *stage, uint64_t job, struct sw_sealed *sealed,
                     struct sw_error *error) SW_CHECKED;

#endif
