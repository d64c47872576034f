/* SPDX-License-Identifier: ISC
 *
 * What a misspelt word may have been meant to be: the number of letters to insert, delete, replace or
 * exchange with their neighbour (the optimal string alignment distance). Capitals are small letters,
 * and a hyphen is an underscore.
 */
#ifndef SW_BASE_NEAREST_H
#define SW_BASE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SW_NEAR_LONGEST = 40 }; /* bytes; what is longer is near to nothing */

/* Whether a word may be what was meant by another: its distance is a third of the word's bytes at
 * most, or one. */
bool sw_near(const char *wanted, size_t wanted_length, const char *word, size_t length,
             size_t *distance);

/* The nearest word of a list between commas; its length in *length. NULL where none is near. The
 * first among equals. */
const char *sw_nearest(const char *value, const char *list, size_t *length);

enum { SW_NEAREST_NOTE = SW_NEAR_LONGEST + 20 };

/* "; is 'WORD' meant?" for the nearest word of the list, as a message has it after a value of three bytes or more; else "". */
const char *sw_nearest_note(const char *value, const char *list, char note[SW_NEAREST_NOTE]);

#endif
