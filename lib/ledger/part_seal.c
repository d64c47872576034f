/* SPDX-License-Identifier: ISC */
#include "ledger/part_seal.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "files/file_sum.h"
#include "files/list_lines.h"
#include "ledger/results_parts.h"

/* What programs are called in the names of their tallies, in the order in which rows go through them. */
static const char *const programs[] = {"chunk",    "filter", "columns", "sort",  "cut",
                                       "optimize", "fold",   "agg",     "listed"};

/* As they are put together. */
struct seal {
    const struct sw_sealed_part *part;
    struct sw_ledger_counts *all;
    const char *before; /* the program whose rows come next; NULL: none yet */
    struct sw_buffer path, text;
};

static bool is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* Whether PART.ENDING is there. */
static bool look(struct seal *seal, const char *ending, bool *there, struct sw_error *error)
{
    if (!sw_join_path(&seal->path, error, "%s.%s", seal->part->path, ending)) return false;
    *there = is_file((const char *)seal->path.bytes);
    return true;
}

/* A program may count rows alone, four numbers: those of lines are not known then. */
static bool read_tally(struct seal *seal, struct sw_ledger_counts *counts, struct sw_error *error)
{
    const char *path = (const char *)seal->path.bytes;
    if (!sw_read_list(path, &seal->text, error)) return false;
    char *text = (char *)seal->text.bytes;
    size_t tabs = 0, length = strcspn(text, "\n");
    for (size_t i = 0; i < length; i++) tabs += text[i] == '\t';
    if (tabs == SW_LINES - 1) {
        text[length] = 0;
        seal->text.length = length;
        if (!sw_buffer_add(&seal->text, "\t-\t-\t-\t-\n", sizeof "\t-\t-\t-\t-\n", error))
            return false;
    }
    return sw_ledger_read_counts((char *)seal->text.bytes, counts) ||
           sw_fail(error, SW_SYSTEM, "%s: a tally is none", path);
}

static bool add(struct seal *seal, const char *program, const struct sw_ledger_counts *counts,
                struct sw_error *error)
{
    struct sw_ledger_counts *all = seal->all;
    if (!seal->before) all->of[SW_READ] = all->of[SW_KEPT] = counts->of[SW_READ];
    if (all->of[SW_KEPT] != counts->of[SW_READ])
        return sw_fail(error, SW_SYSTEM, "%s wrote %" PRIu64 " rows and %s read %" PRIu64,
                       seal->before, all->of[SW_KEPT], program, counts->of[SW_READ]);
    seal->before = program;
    all->of[SW_KEPT] = counts->of[SW_KEPT];
    all->of[SW_REJECTED] += counts->of[SW_REJECTED];
    all->of[SW_BAD] += counts->of[SW_BAD];
    if (!counts->text) return true;
    all->text = true;
    memcpy(all->of + SW_LINES, counts->of + SW_LINES,
           (SW_LEDGER_COUNTS - SW_LINES) * sizeof *all->of);
    return true;
}

static bool add_all(struct seal *seal, struct sw_error *error)
{
    struct sw_ledger_counts counts;
    const uint64_t *of = seal->all->of;
    bool there;
    for (size_t i = 0; i < seal->part->tally_count; i++)
        if (!is_file(seal->part->tallies[i]))
            return sw_fail(error, SW_SYSTEM, "%s: is not there: a program has counted nothing",
                           seal->part->tallies[i]);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (!look(seal, programs[i], &there, error)) return false;
        if (there && (!read_tally(seal, &counts, error) || !add(seal, programs[i], &counts, error)))
            return false;
    }
    if (seal->before && of[SW_READ] == of[SW_KEPT] + of[SW_REJECTED] + of[SW_BAD]) return true;
    return sw_fail(error, SW_SYSTEM,
                   "the rows do not add up: %" PRIu64 " read, but %" PRIu64 " kept, %" PRIu64
                   " rejected, %" PRIu64 " bad",
                   of[SW_READ], of[SW_KEPT], of[SW_REJECTED], of[SW_BAD]);
}

static bool put_check(const char *path, struct sw_buffer *out, struct sw_error *error)
{
    struct sw_posix_checksum sum = {0};
    return sw_file_sum(path, &sum, error) &&
           sw_buffer_format(out, error, "%" PRIu32 ":%" PRIu64, sw_posix_checksum_end(&sum),
                            sum.length);
}

static bool put_checks(struct seal *seal, struct sw_buffer *line, struct sw_error *error)
{
    const char *blank = "";
    bool there;
    for (size_t i = 0; i < seal->part->ending_count; i++) {
        const char *ending = seal->part->endings[i];
        if (!look(seal, ending, &there, error)) return false;
        if (!there) continue;
        if (!sw_buffer_format(line, error, "%s%s:", blank, ending) ||
            !put_check((const char *)seal->path.bytes, line, error))
            return false;
        blank = " ";
    }
    return true;
}

static bool put_counts(const struct sw_ledger_counts *counts, struct sw_buffer *line,
                       struct sw_error *error)
{
    for (size_t i = 0; i < SW_LEDGER_COUNTS; i++)
        if (i >= SW_LINES && !counts->text
                ? !sw_buffer_text(line, "-\t", error)
                : !sw_buffer_format(line, error, "%" PRIu64 "\t", counts->of[i]))
            return false;
    return true;
}

bool sw_part_seal(const struct sw_sealed_part *part, struct sw_ledger_counts *counts,
                  struct sw_error *error)
{
    struct seal seal = {.part = part, .all = counts};
    struct sw_buffer line = {0};
    *counts = (struct sw_ledger_counts){0};
    bool good = add_all(&seal, error) && put_counts(counts, &line, error) &&
                put_checks(&seal, &line, error) && sw_buffer_text(&line, "\n", error) &&
                sw_write_list(&line, error, "%s.tally", part->path);
    sw_buffer_free(&line);
    sw_buffer_free(&seal.path);
    sw_buffer_free(&seal.text);
    return good;
}
