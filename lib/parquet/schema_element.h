/* SPDX-License-Identifier: ISC
 *
 * An element of a Parquet file's schema, and what a column of it means.
 */
#ifndef SW_PARQUET_SCHEMA_ELEMENT_H
#define SW_PARQUET_SCHEMA_ELEMENT_H

#include "parquet/compact.h"
#include "parquet/description.h"

/* As it stands there; what is not said is -1. */
struct sw_schema_element {
    int64_t type, width, repetition, converted, scale;
    uint64_t children;
    const char *name; /* within the bytes that are read; NULL: none */
    size_t name_length;
    int logical; /* which logical type; -1: none */
    int64_t logical_scale, unit, bits;
    bool utc, is_signed;
};

/* Reads one; whether that went well is told by the compact. */
void sw_schema_element_read(struct sw_compact *compact, const struct sw_compact_field *field,
                            struct sw_schema_element *element);

/* The kind of a column, without its name and leaf. */
struct sw_parquet_column_kind sw_schema_element_kind(const struct sw_schema_element *element);

#endif
