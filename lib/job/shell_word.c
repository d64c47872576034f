/* SPDX-License-Identifier: ISC */
#include "job/shell_word.h"

static bool is_plain(char byte)
{
    return byte >= ' ' && byte <= '~';
}

/* A byte of $'…'. */
static bool add_escaped(struct sw_buffer *out, char byte, struct sw_error *error)
{
    static const char named[] = "\a\b\t\n\v\f\r\033", letters[] = "abtnvfrE";
    const char *name = memchr(named, byte, sizeof named - 1);
    if (name) return sw_buffer_format(out, error, "\\%c", letters[name - named]);
    if (byte == '\'' || byte == '\\') return sw_buffer_format(out, error, "\\%c", byte);
    return is_plain(byte) ? sw_buffer_add(out, &byte, 1, error)
                          : sw_buffer_format(out, error, "\\%03o", (unsigned char)byte);
}

bool sw_add_shell_word(struct sw_buffer *out, const char *word, struct sw_error *error)
{
    bool good = true, plain = true;
    if (!*word) return sw_buffer_text(out, "''", error);
    for (const char *at = word; *at; at++) plain = plain && is_plain(*at);
    if (!plain) {
        good = sw_buffer_text(out, "$'", error);
        for (; good && *word; word++) good = add_escaped(out, *word, error);
        return good && sw_buffer_text(out, "'", error);
    }
    for (const char *at = word; good && *at; at++) {
        bool special = strchr(" !\"$&'()*,;<>?[\\]^`{|}", *at) || (at == word && *at == '#') ||
                       (*at == '~' && (at == word || at[-1] == ':' || at[-1] == '='));
        good = (!special || sw_buffer_text(out, "\\", error)) && sw_buffer_add(out, at, 1, error);
    }
    return good;
}
