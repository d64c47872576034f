/* SPDX-License-Identifier: ISC */
#include "expr/selectors.h"

#include <string.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/number.h"
#include "expr/tree.h"

/* One selector on its way into the tree. */
struct selector {
    struct sw_expression *expression;
    const char *option, *column, *argument;
    struct sw_error *error;
};

static bool malformed(const struct selector *selector, const char *form, const char *word,
                      size_t length)
{
    return sw_fail(selector->error, SW_USAGE, "%s: not %s: '%.*s'", selector->option, form,
                   (int)length, word);
}

static struct sw_place place_of(const struct selector *selector)
{
    return (struct sw_place){selector->option, 0};
}

static struct sw_node *column_node(const struct selector *selector)
{
    return sw_node_text(selector->expression, SW_NODE_COLUMN, place_of(selector), selector->column,
                        strlen(selector->column), selector->error);
}

static struct sw_node *compare(const struct selector *selector, unsigned relation,
                               struct sw_node *limit)
{
    struct sw_node *node = sw_node_pair(selector->expression, SW_NODE_COMPARE, place_of(selector),
                                        column_node(selector), limit, selector->error);
    if (node) node->relation = relation;
    return node;
}

static struct sw_node *number_node(const struct selector *selector, sw_int128 number, int scale)
{
    struct sw_node *node =
        sw_node_new(selector->expression, SW_NODE_NUMBER, place_of(selector), selector->error);
    if (!node) return NULL;
    node->number = number;
    node->scale = scale;
    return node;
}

/* ---- lists of values ---- */

static struct sw_node *list_node(const struct selector *selector)
{
    struct sw_node *node =
        sw_node_new(selector->expression, SW_NODE_IN, place_of(selector), selector->error);
    struct sw_node *column = node ? column_node(selector) : NULL;
    if (!column || !sw_node_adopt(selector->expression, node, column, selector->error)) return NULL;
    node->list = sw_alloc(1, sizeof *node->list, selector->error);
    return node->list ? node : NULL;
}

static struct sw_node *values(const struct selector *selector)
{
    struct sw_node *node = list_node(selector);
    if (!node || !sw_words_of_option(&node->list->words, selector->option, selector->argument,
                                     selector->error))
        return NULL;
    return node;
}

/* ---- ranges ---- */

/* A word "LOW-HIGH" or "VALUE", split at a separator; the parts are what lies before and after it.
 */
struct parts {
    const char *low, *high;
    size_t low_length, high_length;
    bool single;
};

static struct parts split(const char *word, size_t length, const char *separator)
{
    const char *found = memmem(word, length, separator, strlen(separator));
    if (!found) return (struct parts){word, word, length, length, true};
    const char *high = found + strlen(separator);
    return (struct parts){word, high, (size_t)(found - word), (size_t)(word + length - high),
                          false};
}

/* What a kind of range is made of: its separator, and how an end is read. limit is NULL on a bad
 * word (no error set yet) or with an error set. */
struct range_kind {
    const char *separator, *form;
    bool open_ends; /* an end may be missing */
    unsigned below; /* how a value stands to the high end: < or <= */
    bool (*parse)(const char *text, size_t length, sw_int128 *value, int *scale);
    struct sw_node *(*limit)(const struct selector *selector, const char *text, size_t length,
                             sw_int128 value, int scale);
};

static bool parse_end(const struct range_kind *kind, const char *text, size_t length,
                      sw_int128 *value, int *scale)
{
    *value = *scale = 0;
    return length ? kind->parse(text, length, value, scale) : kind->open_ends;
}

/* What is left of a range where the high end lies below the low one is nothing: surely not meant. */
static bool ends_in_order(const struct selector *selector, const struct range_kind *kind,
                          const struct parts *parts, int outcome, const char *word, size_t length)
{
    if (parts->low_length == 0 || parts->high_length == 0) return true;
    if (sw_relation_holds(parts->single ? SW_EQUAL : kind->below, outcome)) return true;
    return sw_fail(selector->error, SW_USAGE, "%s: ends %s it starts: '%.*s'", selector->option,
                   outcome == 0 ? "where" : "before", (int)length, word);
}

static struct sw_node *range_node(const struct selector *selector, const struct range_kind *kind,
                                  const char *word, size_t length)
{
    sw_int128 low, high;
    int low_scale, high_scale;
    struct parts parts = split(word, length, kind->separator);
    if (parts.low_length + parts.high_length == 0 ||
        !parse_end(kind, parts.low, parts.low_length, &low, &low_scale) ||
        !parse_end(kind, parts.high, parts.high_length, &high, &high_scale) ||
        (parts.single && kind->below == SW_LESS)) {
        (void)malformed(selector, kind->form, word, length);
        return NULL;
    }
    int outcome = sw_compare_scaled(low, low_scale, high, high_scale);
    if (!ends_in_order(selector, kind, &parts, outcome, word, length)) return NULL;
    struct sw_node *from = NULL, *to = NULL;
    if (parts.low_length)
        from = compare(selector, parts.single ? SW_EQUAL : SW_GREATER | SW_EQUAL,
                       kind->limit(selector, parts.low, parts.low_length, low, low_scale));
    if (parts.single) return from;
    if (parts.high_length)
        to = compare(selector, kind->below,
                     kind->limit(selector, parts.high, parts.high_length, high, high_scale));
    if (parts.low_length == 0) return to;
    if (parts.high_length == 0) return from;
    return sw_node_pair(selector->expression, SW_NODE_AND, place_of(selector), from, to,
                        selector->error);
}

static bool add_range(const struct selector *selector, const struct range_kind *kind,
                      struct sw_node *any, const struct sw_word_list *words, size_t index)
{
    struct sw_node *range =
        range_node(selector, kind, sw_word_bytes(words, index), words->items[index].length);
    return range && sw_node_adopt(selector->expression, any, range, selector->error);
}

static struct sw_node *ranges(const struct selector *selector, const struct range_kind *kind)
{
    struct sw_word_list words = {0};
    struct sw_node *any =
        sw_node_new(selector->expression, SW_NODE_OR, place_of(selector), selector->error);
    bool good =
        any && sw_words_of_option(&words, selector->option, selector->argument, selector->error);
    for (size_t i = 0; good && i < words.count; i++)
        good = add_range(selector, kind, any, &words, i);
    sw_words_free(&words);
    return good ? any : NULL;
}

/* A date stays text: beside a date column it becomes a date, beside a text column ISO dates sort as
 * they are. */
static bool parse_date(const char *text, size_t length, sw_int128 *value, int *scale)
{
    int64_t days;
    if (!sw_parse_date(text, length, &days)) return false;
    *value = days;
    *scale = 0;
    return true;
}

static struct sw_node *date_limit(const struct selector *selector, const char *text, size_t length,
                                  sw_int128 value, int scale)
{
    (void)value, (void)scale;
    return sw_node_text(selector->expression, SW_NODE_TEXT, place_of(selector), text, length,
                        selector->error);
}

static struct sw_node *dates(const struct selector *selector)
{
    static const struct range_kind kind = {"..",
                                           "a date (2024-09-05) or a range of dates "
                                           "(2024-09-01..2024-09-30)",
                                           true,
                                           SW_LESS | SW_EQUAL,
                                           parse_date,
                                           date_limit};
    return ranges(selector, &kind);
}

static bool parse_quantity(const char *text, size_t length, sw_int128 *value, int *scale)
{
    const char *point = memchr(text, '.', length);
    size_t decimals = point ? length - 1 - (size_t)(point - text) : 0;
    *scale = decimals < SW_MAXIMUM_SCALE ? (int)decimals : SW_MAXIMUM_SCALE;
    return sw_parse_decimal(text, length, *scale, value) == SW_NUMBER_GOOD;
}

static struct sw_node *number_limit(const struct selector *selector, const char *text,
                                    size_t length, sw_int128 value, int scale)
{
    (void)text, (void)length;
    return number_node(selector, value, scale);
}

static struct sw_node *quantities(const struct selector *selector)
{
    static const struct range_kind kind = {
        "..",           "a quantity (500) or a range of them (100..5000)",
        true,           SW_LESS | SW_EQUAL,
        parse_quantity, number_limit};
    return ranges(selector, &kind);
}

static bool parse_time_of_day(const char *text, size_t length, sw_int128 *value, int *scale)
{
    int64_t ns;
    if (!sw_parse_time_of_day(text, length, &ns)) return false;
    *value = ns;
    *scale = 0;
    return true;
}

static struct sw_node *times(const struct selector *selector)
{
    static const struct range_kind kind = {
        "-",         "a span of the day such as 10:00-16:12", false, SW_LESS, parse_time_of_day,
        number_limit};
    return ranges(selector, &kind);
}

/* ---- hours ---- */

static bool parse_hour(const char *text, size_t length, int *hour)
{
    *hour = 0;
    if (length == 0 || length > 2) return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *hour = *hour * 10 + (text[i] - '0');
    }
    return *hour < 24;
}

static bool add_hours(const struct selector *selector, struct sw_word_list *hours, const char *word,
                      size_t length)
{
    int low, high;
    struct parts parts = split(word, length, "-");
    if (!parse_hour(parts.low, parts.low_length, &low) ||
        !parse_hour(parts.high, parts.high_length, &high))
        return malformed(selector, "an hour (0 to 23) or hours such as 10-16", word, length);
    if (low > high)
        return sw_fail(selector->error, SW_USAGE,
                       "%s: ends before it starts: '%.*s' (over midnight: '%d-23,0-%d')",
                       selector->option, (int)length, word, low, high);
    for (int hour = low; hour <= high; hour++) {
        char digits[20];
        size_t count = sw_format_integer(digits, hour);
        if (!sw_words_add(hours, digits, count, SW_WORD_NUMBER, 0, selector->error)) return false;
    }
    return true;
}

/* Hours are few whole numbers: a list of them is one look into a bitmap a row. */
static struct sw_node *hours(const struct selector *selector)
{
    struct sw_word_list words = {0};
    struct sw_node *node = list_node(selector);
    bool good =
        node && sw_words_of_option(&words, selector->option, selector->argument, selector->error);
    for (size_t i = 0; good && i < words.count; i++)
        good = add_hours(selector, &node->list->words, sw_word_bytes(&words, i),
                         words.items[i].length);
    sw_words_free(&words);
    return good ? node : NULL;
}

/* ---- all of them ---- */

static bool add_selectors(struct sw_expression *expression, const struct sw_selectors *set,
                          struct sw_node *all, struct sw_error *error)
{
    const struct {
        const char *argument, *option, *column;
        struct sw_node *(*make)(const struct selector *selector);
    } given[] = {
        {set->securities, "-s", "security_code", values},
        {set->participants, "-p", "participantid", values},
        {set->quantities, "-q", "quantity", quantities},
        {set->dates, "-d", "date", dates},
        {set->hours, "-H", "hour", hours},
        {set->times, "--times", "#time_of_day", times},
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        struct selector selector = {expression, given[i].option, given[i].column, given[i].argument,
                                    error};
        if (!selector.argument) continue;
        struct sw_node *node = given[i].make(&selector);
        if (!node || !sw_node_adopt(expression, all, node, error)) return false;
    }
    return true;
}

static bool add_expression(struct sw_expression *expression, const char *text,
                           const char *share_directory, struct sw_node *all, struct sw_error *error)
{
    struct sw_node *node;
    return !text || (sw_expression_take(expression, text, error) &&
                     sw_expression_parse(expression, share_directory, &node, error) &&
                     sw_node_adopt(expression, all, node, error));
}

bool sw_selectors_given(const struct sw_selectors *selectors)
{
    return selectors->securities || selectors->dates || selectors->participants ||
           selectors->hours || selectors->times || selectors->quantities || selectors->expression;
}

bool sw_selectors_compile(struct sw_expression *expression, struct sw_view *view,
                          const struct sw_selectors *selectors, const char *share_directory,
                          struct sw_error *error)
{
    struct sw_place nowhere = {"selectors", 0};
    *expression = (struct sw_expression){0};
    struct sw_node *all = sw_node_new(expression, SW_NODE_AND, nowhere, error);
    if (!all || !add_selectors(expression, selectors, all, error) ||
        !add_expression(expression, selectors->expression, share_directory, all, error))
        return false;
    if (all->child_count == 0) return true;
    if (!sw_expression_bind(expression, view, all, error)) return false;
    expression->root = all;
    return true;
}
