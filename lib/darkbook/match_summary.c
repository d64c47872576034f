/* SPDX-License-Identifier: ISC */
#include "darkbook/match_summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/number.h"

enum { FIGURE_SCALE = 6, NANOSECONDS = 9 };

/* ---- lines ---- */

/* What a line has, and whether it is a sum that adds up over securities. */
enum line_column {
    LINE_NUMBER,
    LINE_RULE,
    LINE_SWEEPS,
    LINE_QUANTITY,
    LINE_MATCHED_SWEEPS,
    LINE_MATCHES,
    LINE_ORDERS,
    LINE_MATCHED,
    LINE_BOOKED,
    LINE_VALUE,
    LINE_WAITED,
    LINE_LARGEST,
    LINE_LONGEST,
    LINE_REASONS, /* from the first one on */
    LINE_COLUMNS = LINE_REASONS + SW_UNMATCHED_REASONS - 1,
};

static const struct {
    const char *name;
    enum sw_type type;
} line_columns[LINE_REASONS] = {
    [LINE_NUMBER] = {"line", SW_INT},
    [LINE_RULE] = {"rule", SW_TEXT},
    [LINE_SWEEPS] = {"sweeps", SW_INT},
    [LINE_QUANTITY] = {"quantity", SW_DECIMAL},
    [LINE_MATCHED_SWEEPS] = {"matched_sweeps", SW_INT},
    [LINE_MATCHES] = {"matches", SW_INT},
    [LINE_ORDERS] = {"orders", SW_INT},
    [LINE_MATCHED] = {"matched_quantity", SW_DECIMAL},
    [LINE_BOOKED] = {"booked_quantity", SW_DECIMAL},
    [LINE_VALUE] = {"matched_value", SW_DECIMAL},
    [LINE_WAITED] = {"waited_s", SW_DECIMAL},
    [LINE_LARGEST] = {"largest_match", SW_DECIMAL},
    [LINE_LONGEST] = {"longest_wait_s", SW_DECIMAL},
};

static int scale_of(const struct sw_matching *matching, int column)
{
    const int quantity = matching->arrivals.events.quantity_scale;
    switch (column) {
    case LINE_QUANTITY:
    case LINE_MATCHED:
    case LINE_BOOKED:
    case LINE_LARGEST:
        return quantity;
    case LINE_WAITED:
    case LINE_LONGEST:
        return NANOSECONDS;
    case LINE_VALUE:
        return quantity + matching->price_scale > 38 ? 38 : quantity + matching->price_scale;
    default:
        return 0;
    }
}

static const char *rule_of(const struct sw_matching *matching, size_t book)
{
    return book == 0 ? "simple" : sw_rule_name(matching->added[book]);
}

/* The sums of a book's line, by column; false: one does not fit. */
static bool sums_of(struct sw_book *book, sw_int128 sums[LINE_COLUMNS])
{
    struct sw_book_totals *totals = &book->totals;
    memset(sums, 0, LINE_COLUMNS * sizeof *sums);
    sums[LINE_SWEEPS] = totals->sweeps;
    sums[LINE_MATCHED_SWEEPS] = totals->matched_sweeps;
    sums[LINE_MATCHES] = totals->matches;
    sums[LINE_ORDERS] = totals->orders;
    sums[LINE_LARGEST] = totals->largest;
    sums[LINE_LONGEST] = totals->longest_ns;
    for (int i = 1; i < SW_UNMATCHED_REASONS; i++) sums[LINE_REASONS + i - 1] = totals->reasons[i];
    return sw_sum_narrow(&totals->swept, &sums[LINE_QUANTITY]) &&
           sw_sum_narrow(&totals->matched, &sums[LINE_MATCHED]) &&
           sw_sum_narrow(&totals->booked, &sums[LINE_BOOKED]) &&
           sw_products_narrow(&totals->value, &sums[LINE_VALUE]) &&
           sw_sum_narrow(&totals->waited_ns, &sums[LINE_WAITED]);
}

static bool fail_range(struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "a sum over the sweeps is out of range");
}

/* ---- as records ---- */

static const char *column_name(int column, char to[64])
{
    if (column < LINE_REASONS) return line_columns[column].name;
    snprintf(to, 64, "unmatched_%s", sw_unmatched_name(column - LINE_REASONS + 1));
    return to;
}

static bool make_schema(struct sw_schema *schema, const struct sw_matching *matching,
                        const char *made_by, size_t length, struct sw_error *error)
{
    char name[64];
    if (!sw_schema_init(schema, "match_summary", error)) return false;
    for (int i = 0; i < LINE_COLUMNS; i++) {
        enum sw_type type = i < LINE_REASONS ? line_columns[i].type : SW_INT;
        if (!sw_schema_add(schema, column_name(i, name), type, scale_of(matching, i), error))
            return false;
    }
    return sw_schema_inherit(schema, &matching->arrivals.events.reader.schema, false, error) &&
           sw_schema_made_by(schema, made_by, length, error);
}

static bool write_lines(struct sw_matching *matching, struct sw_writer *writer,
                        struct sw_error *error)
{
    sw_int128 sums[LINE_COLUMNS];
    for (size_t book = 0; book < matching->book_count; book++) {
        const char *rule = rule_of(matching, book);
        if (!sums_of(&matching->books[book], sums)) return fail_range(error);
        sums[LINE_NUMBER] = (sw_int128)book;
        for (int i = 0; i < LINE_COLUMNS; i++) {
            struct sw_builder *to = &writer->builders[i];
            if (!(i == LINE_RULE ? sw_builder_add_text(to, rule, strlen(rule), error)
                                 : sw_builder_add_value(to, sums[i], error)))
                return false;
        }
        if (!sw_writer_added(writer, 1, error)) return false;
    }
    return sw_writer_close(writer, error);
}

bool sw_match_summary_write(struct sw_matching *matching, const char *made_by, size_t length,
                            struct sw_output *output, struct sw_error *error)
{
    struct sw_schema schema = {0};
    struct sw_writer writer = {0};
    bool made = make_schema(&schema, matching, made_by, length, error);
    bool good = made && sw_writer_open(&writer, output, &schema, 0, error) &&
                write_lines(matching, &writer, error);
    if (made) sw_writer_free(&writer);
    sw_schema_free(&schema);
    return good;
}

/* ---- as text ---- */

enum printed {
    PRINTED_RULE,
    PRINTED_SWEEPS,
    PRINTED_QUANTITY,
    PRINTED_MATCHED_SWEEPS,
    PRINTED_MATCHES,
    PRINTED_ORDERS,
    PRINTED_MATCHED,
    PRINTED_CHANGE,
    PRINTED_BOOKED,
    PRINTED_RATIO,
    PRINTED_VWAP,
    PRINTED_LARGEST,
    PRINTED_MEAN_WAIT,
    PRINTED_LONGEST_WAIT,
    PRINTED_REASONS,
    PRINTED_COLUMNS = PRINTED_REASONS + SW_UNMATCHED_REASONS - 1,
};

static const struct {
    const char *name;
    enum line_column from; /* a sum as it is; LINE_COLUMNS: a figure */
    int scale;
} printed[PRINTED_REASONS] = {
    [PRINTED_RULE] = {"rule", LINE_RULE, 0},
    [PRINTED_SWEEPS] = {"sweeps", LINE_SWEEPS, 0},
    [PRINTED_QUANTITY] = {"quantity", LINE_QUANTITY, 0},
    [PRINTED_MATCHED_SWEEPS] = {"matched_sweeps", LINE_MATCHED_SWEEPS, 0},
    [PRINTED_MATCHES] = {"matches", LINE_MATCHES, 0},
    [PRINTED_ORDERS] = {"orders", LINE_ORDERS, 0},
    [PRINTED_MATCHED] = {"matched_quantity", LINE_MATCHED, 0},
    [PRINTED_CHANGE] = {"change", LINE_COLUMNS, 0},
    [PRINTED_BOOKED] = {"booked_quantity", LINE_BOOKED, 0},
    [PRINTED_RATIO] = {"matched_ratio", LINE_COLUMNS, FIGURE_SCALE},
    [PRINTED_VWAP] = {"vwap", LINE_COLUMNS, FIGURE_SCALE},
    [PRINTED_LARGEST] = {"largest_match", LINE_LARGEST, 0},
    [PRINTED_MEAN_WAIT] = {"mean_wait_s", LINE_COLUMNS, FIGURE_SCALE},
    [PRINTED_LONGEST_WAIT] = {"longest_wait_s", LINE_COLUMNS, NANOSECONDS},
};

struct table {
    struct sw_matching *matching;
    struct sw_schema schema;
    struct sw_builder builders[PRINTED_COLUMNS];
    const struct sw_vector *vectors[PRINTED_COLUMNS];
    bool fixed[PRINTED_COLUMNS], sums[PRINTED_COLUMNS];
};

static int printed_scale(const struct sw_matching *matching, int column)
{
    if (column >= PRINTED_REASONS) return 0;
    if (column == PRINTED_CHANGE) return matching->arrivals.events.quantity_scale;
    return printed[column].from == LINE_COLUMNS ? printed[column].scale
                                                : scale_of(matching, printed[column].from);
}

static bool make_table(struct table *table, struct sw_error *error)
{
    char name[64];
    if (!sw_schema_init(&table->schema, "match_summary", error)) return false;
    for (int i = 0; i < PRINTED_COLUMNS; i++) {
        const bool reason = i >= PRINTED_REASONS;
        const enum sw_type type = i == PRINTED_RULE ? SW_TEXT : reason ? SW_INT : SW_DECIMAL;
        const int scale = printed_scale(table->matching, i);
        const char *is =
            reason ? column_name(LINE_REASONS + i - PRINTED_REASONS, name) : printed[i].name;
        table->vectors[i] = &table->builders[i].vector;
        table->fixed[i] = !reason && printed[i].from == LINE_COLUMNS && i != PRINTED_CHANGE;
        table->sums[i] = i == PRINTED_QUANTITY || i == PRINTED_MATCHED || i == PRINTED_BOOKED;
        if (!sw_schema_add(&table->schema, is, type, scale, error) ||
            !sw_builder_init(&table->builders[i], type, scale, SW_RULES + 1, error))
            return false;
    }
    return true;
}

static bool put_ratio(struct sw_builder *to, const struct sw_sum *above, sw_int128 below, int shift,
                      struct sw_error *error)
{
    const struct sw_sum divisor = sw_sum_of(below);
    sw_int128 ratio;
    if (below == 0) {
        sw_builder_add_null(to);
        return true;
    }
    return sw_sum_ratio(above, &divisor, shift, &ratio) ? sw_builder_add_value(to, ratio, error)
                                                        : fail_range(error);
}

static bool put_figures(struct table *table, struct sw_book_totals *totals,
                        const sw_int128 sums[LINE_COLUMNS], struct sw_error *error)
{
    const struct sw_sum value = sw_sum_of(sums[LINE_VALUE]);
    struct sw_builder *to = table->builders;
    if (totals->matches == 0)
        sw_builder_add_null(&to[PRINTED_LONGEST_WAIT]);
    else if (!sw_builder_add_value(&to[PRINTED_LONGEST_WAIT], totals->longest_ns, error))
        return false;
    return put_ratio(&to[PRINTED_RATIO], &totals->matched, sums[LINE_QUANTITY], FIGURE_SCALE,
                     error) &&
           put_ratio(&to[PRINTED_VWAP], &value, sums[LINE_MATCHED],
                     FIGURE_SCALE - table->matching->price_scale, error) &&
           put_ratio(&to[PRINTED_MEAN_WAIT], &totals->waited_ns, totals->matches,
                     FIGURE_SCALE - NANOSECONDS, error);
}

static bool put_line(struct table *table, size_t book, sw_int128 *before, struct sw_error *error)
{
    sw_int128 sums[LINE_COLUMNS];
    struct sw_book *of = &table->matching->books[book];
    const char *rule = rule_of(table->matching, book);
    if (!sums_of(of, sums)) return fail_range(error);
    for (int i = 0; i < PRINTED_COLUMNS; i++) {
        const int from =
            i < PRINTED_REASONS ? (int)printed[i].from : LINE_REASONS + i - PRINTED_REASONS;
        if (i == PRINTED_RULE || (i < PRINTED_REASONS && from == LINE_COLUMNS)) continue;
        if (!sw_builder_add_value(&table->builders[i], sums[from], error)) return false;
    }
    struct sw_builder *change = &table->builders[PRINTED_CHANGE];
    if (book == 0)
        sw_builder_add_null(change);
    else if (!sw_builder_add_value(change, sums[LINE_MATCHED] - *before, error))
        return false;
    *before = sums[LINE_MATCHED];
    return sw_builder_add_text(&table->builders[PRINTED_RULE], rule, strlen(rule), error) &&
           put_figures(table, &of->totals, sums, error);
}

static bool print_table(struct table *table, enum sw_print_format format, struct sw_output *output,
                        struct sw_error *error)
{
    struct sw_print_options how = {.format = format, .fixed = table->fixed, .sums = table->sums};
    struct sw_printer printer = {0};
    bool good = sw_printer_open(&printer, output, &table->schema, &how, error) &&
                sw_printer_rows(&printer, table->vectors, NULL, table->vectors[0]->rows, error) &&
                sw_printer_end(&printer, error);
    sw_printer_free(&printer);
    return good;
}

bool sw_match_summary_print(struct sw_matching *matching, enum sw_print_format format,
                            struct sw_output *output, struct sw_error *error)
{
    struct table table = {.matching = matching};
    sw_int128 before = 0;
    bool good = make_table(&table, error);
    for (size_t book = 0; good && book < matching->book_count; book++)
        good = put_line(&table, book, &before, error);
    good = good && print_table(&table, format, output, error);
    for (int i = 0; i < PRINTED_COLUMNS; i++) sw_builder_free(&table.builders[i]);
    sw_schema_free(&table.schema);
    return good;
}

/* ---- the ledger ---- */

static const char *count_name(int count)
{
    static const char *const names[SW_COUNT_REASONS] = {
        [SW_COUNT_EVENTS] = "events",
        [SW_COUNT_ORDERS] = "orders",
        [SW_COUNT_WITHOUT_SIDE] = "without_side",
        [SW_COUNT_CONTRAS] = "contras",
        [SW_COUNT_TRADES] = "trades",
        [SW_COUNT_TRADES_OF_ORDERS] = "trades_of_orders",
        [SW_COUNT_CROSSED] = "crossed",
        [SW_COUNT_ONE_SIDED] = "one_sided",
        [SW_COUNT_SWEEPS] = "sweeps",
        [SW_COUNT_MATCHED_SWEEPS] = "matched_sweeps",
        [SW_COUNT_MATCHES] = "matches",
        [SW_COUNT_BOOKINGS] = "bookings",
        [SW_COUNT_ORDERS_MATCHED] = "orders_matched",
    };
    return count < SW_COUNT_REASONS ? names[count]
                                    : sw_unmatched_name(count - SW_COUNT_REASONS + 1);
}

static bool tally_line(const struct sw_match_line *line, struct sw_buffer *text,
                       struct sw_error *error)
{
    bool good = sw_kept_value_put(&line->security, text, error);
    for (int i = 0; good && i < SW_MATCH_COUNTS; i++)
        good = sw_buffer_format(text, error, "\t%" PRIu64, line->counts[i]);
    return good && sw_buffer_text(text, "\n", error);
}

bool sw_match_tally(struct sw_matching *matching, const char *path, struct sw_error *error)
{
    struct sw_match_tally *tally = &matching->tally;
    struct sw_buffer text = {0};
    sw_match_tally_close(tally);
    bool good = sw_buffer_text(&text, "security_code", error);
    for (int i = 0; good && i < SW_MATCH_COUNTS; i++)
        good = sw_buffer_format(&text, error, "\t%s%s", i < SW_COUNT_REASONS ? "" : "unmatched_",
                                count_name(i));
    good = good && sw_buffer_text(&text, "\n", error);
    for (size_t i = 0; good && i < tally->securities.count; i++)
        good = tally_line(&tally->securities.items[i], &text, error);
    good = good && sw_output_file(path, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

_Static_assert(SW_MATCH_COUNTS == SW_COUNT_REASONS + SW_UNMATCHED_REASONS - 1, "a count a reason");

bool sw_match_check(const struct sw_matching *matching, struct sw_error *error)
{
    const struct sw_arrivals *arrivals = &matching->arrivals;
    if (arrivals->counts.events != arrivals->events.reader.total_rows)
        return sw_fail(error, SW_SYSTEM, "%" PRIu64 " events are of orders, of %" PRIu64,
                       arrivals->counts.events, arrivals->events.reader.total_rows);
    for (size_t i = 0; i < matching->book_count; i++) {
        const struct sw_book_totals *totals = &matching->books[i].totals;
        uint64_t ended = totals->matched_sweeps;
        for (int reason = 1; reason < SW_UNMATCHED_REASONS; reason++)
            ended += totals->reasons[reason];
        if (totals->sweeps != matching->arrivals.counts.sweeps || ended != totals->sweeps)
            return sw_fail(error, SW_SYSTEM,
                           "%" PRIu64 " sweeps qualify, but %" PRIu64 " ended, %" PRIu64
                           " with a match or a reason",
                           matching->arrivals.counts.sweeps, totals->sweeps, ended);
    }
    return true;
}
