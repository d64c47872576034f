/* SPDX-License-Identifier: ISC */
#include "program/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"

enum { LONG_ONLY = 256, HELP = 1 << 20, VERSION };

static size_t table_length(const struct sw_option *options)
{
    size_t count = 0;
    while (options[count].name) count++;
    return count;
}

/* The table in getopt_long's terms; the value of an option is LONG_ONLY + its index. */
static struct option *long_table(const struct sw_option *options, struct sw_error *error)
{
    size_t count = table_length(options);
    struct option *table = sw_alloc(count + 3, sizeof *table, error);
    if (!table) return NULL;
    for (size_t i = 0; i < count; i++)
        table[i] =
            (struct option){options[i].name, options[i].argument ? required_argument : no_argument,
                            NULL, LONG_ONLY + (int)i};
    table[count] = (struct option){"help", optional_argument, NULL, HELP};
    table[count + 1] = (struct option){"version", no_argument, NULL, VERSION};
    return table;
}

static void short_table(const struct sw_option *options, char *letters)
{
    *letters++ = ':';
    for (; options->name; options++) {
        if (!options->letter) continue;
        *letters++ = options->letter;
        if (options->argument) *letters++ = ':';
    }
    *letters = 0;
}

static bool add_word(struct sw_words *words, const char *word, struct sw_error *error)
{
    size_t capacity = words->count;
    if (!sw_grow(&words->items, &capacity, words->count + 1, sizeof *words->items, error))
        return false;
    words->items[words->count++] = word;
    return true;
}

static bool assign(const struct sw_option *option, const char *value, struct sw_error *error)
{
    uint64_t number;
    if (option->argument && !*value)
        return sw_fail(error, SW_USAGE, "--%s: an empty argument", option->name);
    switch (option->kind) {
    case SW_OPTION_FLAG:
        *(bool *)option->target = true;
        return true;
    case SW_OPTION_TEXT:
        if (*(const char **)option->target)
            return sw_fail(error, SW_USAGE, "--%s: given twice", option->name);
        *(const char **)option->target = value;
        return true;
    case SW_OPTION_WORDS:
        return add_word(option->target, value, error);
    case SW_OPTION_COUNT:
        if (!sw_parse_count(value, &number))
            return sw_fail(error, SW_USAGE, "--%s: not a whole number: '%s'", option->name, value);
        *(int64_t *)option->target = (int64_t)number;
        return true;
    case SW_OPTION_SIZE:
        if (!sw_parse_size(value, &number) || number == 0)
            return sw_fail(error, SW_USAGE, "--%s: not a size such as 64K, 256M or 1G: '%s'",
                           option->name, value);
        ((struct sw_size *)option->target)->bytes = number;
        return true;
    }
    return sw_fail(error, SW_USAGE, "--%s: unknown kind", option->name);
}

static const struct sw_option *with_letter(const struct sw_option *options, int letter)
{
    for (; options->name; options++)
        if (options->letter == letter) return options;
    return NULL;
}

/* Of a long option that is none; of one that is the beginning of several there is nothing to add. */
static bool fail_unknown(const struct sw_option *options, const char *word, struct sw_error *error)
{
    struct sw_buffer names = {0};
    struct sw_error unused = {0};
    char note[SW_NEAREST_NOTE] = "", name[SW_NEAR_LONGEST + 1] = "";
    bool good = strncmp(word, "--", 2) == 0 && strcspn(word + 2, "=") < sizeof name;
    if (good) memcpy(name, word + 2, strcspn(word + 2, "="));
    for (; good && options->name; options++)
        good = sw_buffer_format(&names, &unused, "%s,", options->name);
    if (good && sw_buffer_add(&names, "help,version", sizeof "help,version", &unused))
        sw_nearest_note(name, (const char *)names.bytes, note);
    sw_buffer_free(&names);
    return sw_fail(error, SW_USAGE, "%s: unknown or ambiguous option%s (--help lists them)", word,
                   note);
}

static bool complain(const struct sw_option *options, int outcome, const char *word,
                     struct sw_error *error)
{
    char letter[3] = {'-', (char)optopt, 0};
    bool is_letter = optopt > 0 && optopt < LONG_ONLY;
    const char *shown = is_letter ? letter : word;
    if (outcome == ':') return sw_fail(error, SW_USAGE, "%s: needs an argument", shown);
    if (optopt >= LONG_ONLY) return sw_fail(error, SW_USAGE, "%s: takes no argument", shown);
    return fail_unknown(options, shown, error);
}

bool sw_options_parse(const struct sw_option *options, int argc, char **argv,
                      struct sw_command_line *line, struct sw_error *error)
{
    char letters[256];
    short_table(options, letters);
    struct option *table = long_table(options, error);
    if (!table) return false;
    opterr = 0;
    optind = 0;
    bool good = true;
    *line = (struct sw_command_line){0};
    for (int found; good;) {
        int word = optind ? optind : 1;
        found = getopt_long(argc, argv, letters, table, NULL);
        if (found == -1) break;
        if (found == HELP) {
            line->help = true;
            line->help_format = optarg;
        } else if (found == VERSION) {
            line->version = true;
        } else if (found == '?' || found == ':') {
            good = complain(options, found, argv[optind > word ? optind - 1 : word], error);
        } else {
            const struct sw_option *option =
                found >= LONG_ONLY ? options + (found - LONG_ONLY) : with_letter(options, found);
            good = assign(option, optarg, error);
        }
    }
    free(table);
    line->operands = (const char **)argv + optind;
    line->operand_count = good ? (size_t)(argc - optind) : 0;
    return good && (line->help || line->version || sw_options_check_with(options, line, error));
}

/* The display width of UTF-8 text. */
static int cells_of(const char *text, int length)
{
    int cells = 0;
    for (int i = 0; i < length; i++) cells += ((unsigned char)text[i] & 0xc0) != 0x80;
    return cells;
}

static int width(const char *text)
{
    return cells_of(text, (int)strlen(text));
}

enum { HELP_COLUMN = 34, HELP_WIDTH = 100 };

/* The bytes up to the next blank that is in no brackets. */
static int word_length(const char *text)
{
    int length = 0;
    for (int depth = 0; text[length] && (depth > 0 || text[length] != ' '); length++)
        depth += (text[length] == '[') - (text[length] == ']');
    return length;
}

bool sw_options_wrap(const char *text, int column, int indent, struct sw_buffer *out,
                     struct sw_error *error)
{
    for (bool first = true; *text; first = false) {
        int length = word_length(text), cells = cells_of(text, length);
        bool breaks = !first && column + 1 + cells > HELP_WIDTH;
        if (breaks ? !sw_buffer_format(out, error, "\n%*s", indent, "")
                   : !first && !sw_buffer_text(out, " ", error))
            return false;
        column = breaks ? indent + cells : column + !first + cells;
        if (!sw_buffer_add(out, text, (size_t)length, error)) return false;
        text += length;
        text += strspn(text, " ");
    }
    return sw_buffer_text(out, "\n", error);
}

static bool help_line(char letter, const char *name, const char *argument, const char *help,
                      struct sw_buffer *out, struct sw_error *error)
{
    char flags[128];
    char letter_part[5] = "    ";
    if (letter) snprintf(letter_part, sizeof letter_part, "-%c, ", letter);
    snprintf(flags, sizeof flags, "%s--%s%s%s", letter_part, name, argument ? " " : "",
             argument ? argument : "");
    int gap = HELP_COLUMN - 2 - width(flags);
    if (gap < 2) gap = 2;
    return sw_buffer_format(out, error, "  %s%*s", flags, gap, "") &&
           sw_options_wrap(help, 2 + width(flags) + gap, HELP_COLUMN, out, error);
}

bool sw_options_help(const struct sw_option *options, struct sw_buffer *out, struct sw_error *error)
{
    for (; options->name; options++)
        if (!help_line(options->letter, options->name, options->argument, options->help, out,
                       error))
            return false;
    return help_line(0, "help", NULL, "print this and exit", out, error) &&
           help_line(0, "version", NULL, "print the version and exit", out, error);
}

/* mdoc reads a line's first '.' or '\'' and every backslash; text is escaped for it. */
static bool mdoc_text(const char *text, struct sw_buffer *out, struct sw_error *error)
{
    if ((*text == '.' || *text == '\'') && !sw_buffer_text(out, "\\&", error)) return false;
    for (; *text; text++) {
        bool good =
            *text == '\\' ? sw_buffer_text(out, "\\e", error) : sw_buffer_add(out, text, 1, error);
        if (!good) return false;
    }
    return true;
}

static bool mdoc_item(char letter, const char *name, const char *argument, const char *help,
                      struct sw_buffer *out, struct sw_error *error)
{
    if (!sw_buffer_text(out, ".It ", error)) return false;
    if (letter && !sw_buffer_format(out, error, "Fl %c , ", letter)) return false;
    if (!sw_buffer_format(out, error, "Fl Fl %s", name)) return false;
    if (argument && !(sw_buffer_text(out, " Ar \"", error) && mdoc_text(argument, out, error) &&
                      sw_buffer_text(out, "\"", error)))
        return false;
    return sw_buffer_text(out, "\n", error) && mdoc_text(help, out, error) &&
           sw_buffer_text(out, ".\n", error);
}

bool sw_options_mdoc(const struct sw_option *options, struct sw_buffer *out, struct sw_error *error)
{
    if (!sw_buffer_text(out, ".Bl -tag -width Ds\n", error)) return false;
    for (; options->name; options++)
        if (!mdoc_item(options->letter, options->name, options->argument, options->help, out,
                       error))
            return false;
    return mdoc_item(0, "help", NULL, "print the options and exit", out, error) &&
           mdoc_item(0, "version", NULL, "print the version and exit", out, error) &&
           sw_buffer_text(out, ".El\n", error);
}

static bool plain_word(const char *text)
{
    if (!*text) return false;
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "_-+=:,./@%")] == 0;
}

static bool quoted(const char *text, struct sw_buffer *out, struct sw_error *error)
{
    if (plain_word(text)) return sw_buffer_text(out, text, error);
    if (!sw_buffer_text(out, "'", error)) return false;
    for (; *text; text++)
        if (*text == '\'' ? !sw_buffer_text(out, "'\\''", error)
                          : !sw_buffer_add(out, text, 1, error))
            return false;
    return sw_buffer_text(out, "'", error);
}

/* A list out of a file, or a file of a schema: where it lies is nobody's business, only its name
 * stays. */
static const char *without_folder(const char *name, const char *value)
{
    const char *slash = strrchr(value, '/');
    return slash && (value[0] == '@' || strcmp(name, "schema") == 0) ? slash + 1 : value;
}

static bool given_text(const char *name, const char *value, struct sw_buffer *out,
                       struct sw_error *error)
{
    const char *shown = without_folder(name, value);
    return sw_buffer_format(out, error, " --%s=%s", name,
                            shown == value || value[0] != '@' ? "" : "@") &&
           quoted(shown, out, error);
}

static bool given(const struct sw_option *option, struct sw_buffer *out, struct sw_error *error)
{
    char number[32];
    if (!sw_option_is_given(option)) return true;
    switch (option->kind) {
    case SW_OPTION_FLAG:
        return sw_buffer_format(out, error, " --%s", option->name);
    case SW_OPTION_TEXT:
        return given_text(option->name, *(const char **)option->target, out, error);
    case SW_OPTION_COUNT:
        snprintf(number, sizeof number, "%lld", (long long)*(int64_t *)option->target);
        return given_text(option->name, number, out, error);
    case SW_OPTION_SIZE:
        snprintf(number, sizeof number, "%llu",
                 (unsigned long long)((struct sw_size *)option->target)->bytes);
        return given_text(option->name, number, out, error);
    case SW_OPTION_WORDS: {
        struct sw_words *words = option->target;
        for (size_t i = 0; i < words->count; i++)
            if (!given_text(option->name, words->items[i], out, error)) return false;
        return true;
    }
    }
    return true;
}

bool sw_options_given(const struct sw_option *options, struct sw_buffer *out,
                      struct sw_error *error)
{
    for (; options->name; options++)
        if (!options->is_unrecorded && !given(options, out, error)) return false;
    return true;
}

bool sw_memory_of(struct sw_size given, uint64_t otherwise, uint64_t least, uint64_t *bytes,
                  struct sw_error *error)
{
    *bytes = given.bytes ? given.bytes : otherwise;
    return !given.bytes || *bytes >= least ||
           sw_fail(error, SW_USAGE, "--memory: less than %dM: '%llu'", (int)(least >> 20),
                   (unsigned long long)*bytes);
}

bool sw_level_of(const char *text, int *level, struct sw_error *error)
{
    if (text[0] < '0' || text[0] > '9' || text[1])
        return sw_fail(error, SW_USAGE, "--level: not 0 to 9: '%s'", text);
    *level = text[0] - '0';
    return true;
}
