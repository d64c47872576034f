/* SPDX-License-Identifier: ISC
 *
 * Values out of JSON text, by name: a value is the stretch of the text that it stands in, and
 * numbers stay text. What is asked for is found by walking there; what is not valid JSON is only
 * noticed on the way, and is then "not there". For the suite's own files.
 *
 *     struct sw_json stages, stage, name;
 *     if (sw_json_member(text, "stages", &stages))
 *         while (sw_json_element(&stages, &stage)) …
 */
#ifndef SW_BASE_JSON_READ_H
#define SW_BASE_JSON_READ_H

#include "base/bytes.h"

struct sw_json {
    const char *at, *end; /* the value's text: not owned */
};

/* The member of an object that is called `name`, the first one. False: there is none, or no object.
 */
bool sw_json_member(struct sw_json object, const char *name, struct sw_json *value);

/* The next element of an array, which loses it; the first call is given the whole array. False:
 * there is no more. */
bool sw_json_element(struct sw_json *array, struct sw_json *value);

/* Appends what a string says, its escapes undone (a lone surrogate \udc80 to \udcff is the byte it
 * stands for, base/json.h); of a number, true, false or null the text as it is. False with
 * SW_SYSTEM: no memory. */
bool sw_json_said(struct sw_json value, struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

#endif
