/* SPDX-License-Identifier: ISC
 *
 * Configurations: a file of lines or of JSON. What is read without a mistake is printed as lines
 * and as JSON, and read back as the same; all that is printed can be read by who it is for.
 */
#include <fcntl.h>
#include <unistd.h>

#include "config/check.h"
#include "config/matrix.h"
#include "pipeline/arguments.h"
#include "fuzz.h"

static const struct sw_resources resources = {3, 64 << 20, 256 << 20};

static bool load(struct sw_configuration *configuration, const char *path)
{
    struct sw_error error = {0};
    bool good = sw_configuration_init(configuration, &error) &&
                sw_configuration_read(configuration, path, &error) &&
                sw_configuration_settle(configuration, &error);
    fuzz_check_error(good, &error);
    return good;
}

static struct sw_buffer shown(const struct sw_configuration *configuration, const char *format)
{
    struct sw_buffer out = {0};
    struct sw_error error = {0};
    fuzz_require(sw_configuration_show(configuration, &resources, format, &out, &error), "%s",
                 error.message);
    return out;
}

static void check_diagnostics(const struct sw_configuration *configuration)
{
    for (size_t i = 0; i < configuration->diagnostic_count; i++) {
        const struct sw_diagnostic *diagnostic = &configuration->diagnostics[i];
        fuzz_require(diagnostic->text && *diagnostic->text, "a mistake without words");
        for (const char *at = diagnostic->text; *at; at++)
            fuzz_require((unsigned char)*at >= ' ' && *at != 0x7f, "mistake: %s", diagnostic->text);
    }
}

/* What the keys have, one way or the other. */
static void compare(const struct sw_configuration *a, const struct sw_configuration *b,
                    const char *format)
{
    fuzz_require(b->diagnostic_count == 0, "%s: %s", format, b->diagnostics[0].text);
    for (int key = 0; key < SW_KEYS; key++) {
        const struct sw_setting *one = &a->settings[key], *other = &b->settings[key];
        fuzz_require(one->count == other->count, "%s: %s has %zu and %zu values", format,
                     sw_keys[key].name, one->count, other->count);
        for (size_t i = 0; i < one->count; i++)
            fuzz_require(strcmp(one->values[i], other->values[i]) == 0, "%s: %s: '%s' and '%s'",
                         format, sw_keys[key].name, one->values[i], other->values[i]);
    }
}

static void read_back(const struct sw_configuration *configuration, const char *format)
{
    struct sw_buffer out = shown(configuration, format);
    struct sw_configuration again;
    if (strcmp(format, "json") == 0)
        fuzz_require(fuzz_is_json(out.bytes, out.length), "%.*s", (int)out.length, out.bytes);
    if (!load(&again, fuzz_file(1, out.bytes, out.length))) abort();
    if (configuration->diagnostic_count == 0) compare(configuration, &again, format);
    sw_configuration_free(&again);
    sw_buffer_free(&out);
}

/* A line for each key, whatever stands in it: no value gets out of its quotes. */
static void check_shell(const struct sw_configuration *configuration)
{
    struct sw_buffer out = shown(configuration, "sh");
    bool quoted = false;
    for (size_t i = 0; i < out.length; i++) {
        char byte = (char)out.bytes[i];
        if (!quoted && byte == '\\')
            i++;
        else if (byte == '\'')
            quoted = !quoted;
        else
            fuzz_require(quoted || !strchr(";&|<>()$`\"*?[#~! \t", byte) || !byte,
                         "for a shell: %.*s", (int)out.length, out.bytes);
    }
    fuzz_require(!quoted, "a quote without end");
    sw_buffer_free(&out);
    out = shown(configuration, "make");
    sw_buffer_free(&out);
}

/* Files of the machine are none of ours. */
static void check_all(struct sw_configuration *configuration, const uint8_t *bytes, size_t size)
{
    static const char *const pipelines[] = {"report", "analyse", "extract", "convert"};
    struct sw_error error = {0};
    struct sw_matrix matrix = {0};
    struct sw_buffer out = {0};
    if (memchr(bytes, '/', size) || memmem(bytes, size, "..", 2) || memchr(bytes, '\\', size))
        return;
    fuzz_check_error(sw_configuration_check(configuration, FUZZ_TREE "/share", &error), &error);
    check_diagnostics(configuration);
    for (size_t i = 0; i < 4; i++) {
        struct sw_arguments wanted = {.pipeline = pipelines[i], .nul = i % 2};
        error = (struct sw_error){0};
        fuzz_check_error(
            sw_configuration_arguments(configuration, &resources, &wanted, &out, &error), &error);
        out.length = 0;
    }
    error = (struct sw_error){0};
    if (sw_matrix_list(&matrix, configuration, &error) && matrix.count < 10000 &&
        sw_matrix_print(&matrix, "json", &out, &error))
        fuzz_require(fuzz_is_json(out.bytes, out.length), "%.*s", (int)out.length, out.bytes);
    sw_matrix_free(&matrix);
    sw_buffer_free(&out);
}

/* Where no file has the names that are made up. */
static void check_elsewhere(struct sw_configuration *configuration, const uint8_t *bytes,
                            size_t size)
{
    static int home = -1;
    if (home < 0) home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home < 0 || chdir(fuzz_folder()) != 0) abort();
    check_all(configuration, bytes, size);
    if (fchdir(home) != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct sw_configuration configuration;
    if (load(&configuration, fuzz_file(0, bytes, size))) {
        check_diagnostics(&configuration);
        read_back(&configuration, "text");
        read_back(&configuration, "json");
        check_shell(&configuration);
        check_elsewhere(&configuration, bytes, size);
    }
    sw_configuration_free(&configuration);
    return 0;
}
