/* SPDX-License-Identifier: ISC
 *
 * Which schema a header may have been meant for that fits none: the one that knows most of its names, and what it requires besides.
 * A line for a message; explain/nearest.h looks at the rows, too.
 */
#ifndef SW_CSV_NEAR_SCHEMA_H
#define SW_CSV_NEAR_SCHEMA_H

#include "schema/csv_schema.h"

enum { SW_NEAR_SCHEMA_NOTE = 500 };

/* "; nearest is orders, which requires order_id (is 'orderID' meant?)", cut where that is longer; "" where no schema knows two of the names
 * and half of them. Returns note. */
const char *sw_near_schema_note(const struct sw_csv_schemas *csv_schemas,
                                const struct sw_names *names, char note[SW_NEAR_SCHEMA_NOTE]);

#endif
