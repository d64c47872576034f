/* SPDX-License-Identifier: ISC */
#include "ledger/run_files.h"

#include <inttypes.h>

#include "files/output.h"
#include "ledger/analysis.h"
#include "ledger/rows.h"
#include "ledger/securities.h"

static bool path_of(const char *work, const char *name, struct sw_buffer *path,
                    struct sw_error *error)
{
    path->length = 0;
    return sw_buffer_format(path, error, "%s/%s", work, name) && sw_buffer_add(path, "", 1, error);
}

static bool write_one(const struct sw_securities *securities, const char *work, const char *name,
                      bool (*make)(const struct sw_securities *securities, struct sw_buffer *out,
                                   struct sw_error *error),
                      struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0};
    bool good =
        make(securities, &text, error) && (!name || path_of(work, name, &path, error)) &&
        sw_output_file(name ? (const char *)path.bytes : NULL, text.bytes, text.length, error);
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    return good;
}

static bool list(const struct sw_securities *securities, const char *work, struct sw_error *error)
{
    return write_one(securities, work, "matrix.csv", sw_securities_matrix, error) &&
           write_one(securities, work, "securities/other_trades", sw_securities_other_trades,
                     error) &&
           write_one(securities, work, "securities/found", sw_securities_found, error);
}

bool sw_ledger_securities(const char *work, bool picture, struct sw_error *error)
{
    struct sw_securities found = {0};
    struct sw_buffer all = {0};
    bool good = path_of(work, "chunks/all", &all, error) &&
                sw_securities_read(&found, work, (const char *)all.bytes, error) &&
                (picture ? write_one(&found, work, NULL, sw_securities_picture, error)
                         : list(&found, work, error));
    sw_securities_free(&found);
    sw_buffer_free(&all);
    return good;
}

bool sw_ledger_count(const char *work, const char *stage, const char *about, const char *events,
                     struct sw_buffer *text, struct sw_ledger_counts *all, struct sw_error *error)
{
    struct sw_ledger ledger = {0};
    bool good = sw_ledger_open(&ledger, work, stage, about, events, error) &&
                sw_ledger_add(&ledger, error) && sw_ledger_check(&ledger, error) &&
                sw_ledger_print(&ledger, text, all, error);
    sw_ledger_free(&ledger);
    return good;
}

static bool write_text(const char *work, const char *name, const struct sw_buffer *text,
                       struct sw_error *error)
{
    struct sw_buffer path = {0};
    bool good = path_of(work, name, &path, error) &&
                sw_output_file((const char *)path.bytes, text->bytes, text->length, error);
    sw_buffer_free(&path);
    return good;
}

static bool write_tallies(const struct sw_tallies *tallies, const char *work,
                          struct sw_error *error)
{
    struct sw_buffer all = {0}, by_security = {0};
    bool good = sw_tallies_print(tallies, &all, error) &&
                write_text(work, "securities/tally", &all, error) &&
                sw_tallies_by_security(tallies, &by_security, error) &&
                write_text(work, "ledger_by_security.csv", &by_security, error);
    sw_buffer_free(&all);
    sw_buffer_free(&by_security);
    return good;
}

/* What is said at the end: rows of orders read, orders, those of them that are selected; and what is doubtful. */
static bool write_totals(const struct sw_ledger *ledger, const struct sw_tallies *tallies,
                         const char *work, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good =
        sw_buffer_format(&text, error, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                         sw_ledger_rows_read(ledger, "orders"), sw_tallies_sum(tallies, "orders"),
                         sw_tallies_sum(tallies, "selected")) &&
        write_text(work, "securities/totals", &text, error);
    sw_buffer_free(&text);
    return good;
}

static bool write_ledger(const struct sw_ledger *ledger, const struct sw_tallies *tallies,
                         const char *work, struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0}, doubts = {0};
    bool good = path_of(work, "securities/other_trades", &path, error);
    const char *other_trades = (const char *)path.bytes;
    good = good && sw_ledger_analysis(ledger, tallies, other_trades, &text, error) &&
           write_text(work, "ledger.csv", &text, error) &&
           sw_ledger_doubts(tallies, other_trades, &doubts, error) &&
           write_text(work, "securities/doubts", &doubts, error);
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    sw_buffer_free(&doubts);
    return good;
}

/* Of a run of match: what it counts of securities is its own business. */
static bool write_match(const struct sw_ledger *ledger, const struct sw_tallies *tallies,
                        const char *work, struct sw_error *error)
{
    struct sw_buffer by_security = {0}, text = {0};
    bool good = sw_tallies_whole(tallies, &by_security, error) &&
                write_text(work, "ledger_by_security.csv", &by_security, error) &&
                sw_ledger_print_tables(ledger, &text, error) &&
                write_text(work, "ledger.csv", &text, error);
    sw_buffer_free(&by_security);
    sw_buffer_free(&text);
    return good;
}

bool sw_ledger_of_securities(const char *work, const char *stage, const char *const *tallies_of,
                             size_t count, bool match, struct sw_error *error)
{
    struct sw_ledger ledger = {0};
    struct sw_tallies tallies = {0};
    struct sw_buffer list = {0};
    bool good = path_of(work, "securities/list", &list, error) &&
                sw_tallies_read(&tallies, (const char *)list.bytes, tallies_of, count, error) &&
                (match || write_tallies(&tallies, work, error)) &&
                sw_ledger_open(&ledger, work, stage, "-", NULL, error) &&
                sw_ledger_add(&ledger, error) && sw_ledger_check(&ledger, error) &&
                (match ? write_match : write_ledger)(&ledger, &tallies, work, error) &&
                write_totals(&ledger, &tallies, work, error);
    sw_buffer_free(&list);
    sw_tallies_free(&tallies);
    sw_ledger_free(&ledger);
    return good;
}
