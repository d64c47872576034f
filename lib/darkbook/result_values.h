/* SPDX-License-Identifier: ISC
 *
 * Columns of the tables that matching makes: ids, securities, participants and quantities are of the
 * types that they are of in the orders.
 */
#ifndef SW_DARKBOOK_RESULT_VALUES_H
#define SW_DARKBOOK_RESULT_VALUES_H

#include "darkbook/matching.h"

enum { SW_RESULT_FIGURE_SCALE = 6 };

enum sw_result_value {
    SW_AN_ID,
    SW_A_SECURITY,
    SW_A_PARTICIPANT,
    SW_A_QUANTITY,
    SW_A_PRICE,
    SW_A_FIGURE,
    SW_A_TIME,
    SW_A_DATE,
    SW_A_WHOLE_NUMBER,
    SW_A_TEXT,
};

struct sw_result_column {
    const char *name;
    enum sw_result_value value;
};

/* The schema of a table, with the orders' zone and provenance, and a line more of that. *schema is
 * initialized by this. SW_SYSTEM: memory. */
bool sw_result_schema(struct sw_schema *schema, const char *table,
                      const struct sw_result_column *columns, size_t count,
                      const struct sw_matching *matching, const char *made_by, size_t length,
                      struct sw_error *error) SW_CHECKED;

/* Each appends a value. The current security; an order's id and a participant as arrivals have them
 * (SW_NULL_ID: null); a number where it is known; a text, of which an empty one is null. */
bool sw_result_put_security(const struct sw_matching *matching, struct sw_builder *builder,
                            struct sw_error *error) SW_CHECKED;
bool sw_result_put_id(const struct sw_matching *matching, struct sw_builder *builder,
                      sw_int128 order, struct sw_error *error) SW_CHECKED;
bool sw_result_put_participant(const struct sw_matching *matching, struct sw_builder *builder,
                               uint32_t participant, struct sw_error *error) SW_CHECKED;
bool sw_result_put_known(struct sw_builder *builder, bool known, sw_int128 value,
                         struct sw_error *error) SW_CHECKED;
bool sw_result_put_text(struct sw_builder *builder, const char *text,
                        struct sw_error *error) SW_CHECKED;

#endif
