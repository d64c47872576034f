/* SPDX-License-Identifier: ISC */
#include "stream/index.h"

#include "base/memory.h"

enum {
    ENTRY_LEAD = 24,   /* offset, rows, blocks */
    ENTRY_BOUNDS = 40, /* nulls, minimum, maximum */
    INDEX_LEAD = 8,    /* numbers of columns and entries */
    INDEX_TAIL = 16,   /* lengths of the stream and the end mark */
    ENTRIES_BYTES_AT_MOST = 4 << 20,
};

static size_t entry_bytes(size_t columns)
{
    return ENTRY_LEAD + columns * ENTRY_BOUNDS;
}

/* The list of columns, up to a multiple of eight bytes. */
static size_t list_bytes(size_t columns)
{
    return (columns + 1) / 2 * 8;
}

/* ---- writing ---- */

static void add_column(struct sw_index_writer *index, int column)
{
    if (column < 0) return;
    for (size_t i = 0; i < index->column_count; i++)
        if (index->columns[i] == (uint32_t)column) return;
    index->columns[index->column_count++] = (uint32_t)column;
}

bool sw_index_begin(struct sw_index_writer *index, const struct sw_schema *schema,
                    struct sw_error *error)
{
    sw_index_free(index);
    index->schema = schema;
    index->columns = sw_alloc(schema->sort_count + 3, sizeof *index->columns, error);
    if (!index->columns) return false;
    for (size_t i = 0; i < schema->sort_count; i++) add_column(index, schema->sort_keys[i].column);
    add_column(index, sw_schema_find(schema, "security_code"));
    add_column(index, schema->time_column);
    add_column(index, sw_schema_find(schema, SW_INDEX_BUCKET));
    return true;
}

void sw_index_free(struct sw_index_writer *index)
{
    free(index->columns);
    sw_buffer_free(&index->entries);
    *index = (struct sw_index_writer){0};
}

static sw_int128 ordered(enum sw_type type, sw_int128 bound)
{
    return type == SW_TEXT ? sw_stored_text_bound(bound) : bound;
}

/* Widens the bounds at `to` by those at `from`; rows are those of either entry, since bounds of
 * nothing but nulls say nothing. */
static void join_bounds(unsigned char *to, uint64_t to_rows, const unsigned char *from,
                        uint64_t from_rows, enum sw_type type)
{
    uint64_t nulls = sw_load64(to), more = sw_load64(from);
    sw_int128 minimum = sw_load128(from + 8), maximum = sw_load128(from + 24);
    bool empty = nulls == to_rows;
    sw_store64(to, nulls + more);
    if (more == from_rows) return;
    if (empty || ordered(type, minimum) < ordered(type, sw_load128(to + 8)))
        sw_store128(to + 8, minimum);
    if (empty || ordered(type, maximum) > ordered(type, sw_load128(to + 24)))
        sw_store128(to + 24, maximum);
}

static void join_entries(const struct sw_index_writer *index, unsigned char *to,
                         const unsigned char *from)
{
    for (size_t i = 0; i < index->column_count; i++) {
        size_t at = ENTRY_LEAD + i * ENTRY_BOUNDS;
        join_bounds(to + at, sw_load64(to + 8), from + at, sw_load64(from + 8),
                    index->schema->columns[index->columns[i]].type);
    }
    sw_store64(to + 8, sw_load64(to + 8) + sw_load64(from + 8));
    sw_store64(to + 16, sw_load64(to + 16) + sw_load64(from + 16));
}

/* Makes one entry of every two. */
static void halve(struct sw_index_writer *index)
{
    size_t size = entry_bytes(index->column_count), count = 0;
    for (size_t i = 0; i < index->entry_count; i += 2, count++) {
        unsigned char *to = index->entries.bytes + count * size;
        memmove(to, index->entries.bytes + i * size, size);
        if (i + 1 < index->entry_count)
            join_entries(index, to, index->entries.bytes + (i + 1) * size);
    }
    index->entry_count = count;
    index->entries.length = count * size;
}

/* The entry of one block. */
static void tell_block(unsigned char *to, const struct sw_index_writer *index, uint64_t offset,
                       uint64_t rows, const struct sw_entry *directory)
{
    sw_store64(to, offset);
    sw_store64(to + 8, rows);
    sw_store64(to + 16, 1);
    for (size_t i = 0; i < index->column_count; i++) {
        const struct sw_entry *entry = &directory[index->columns[i]];
        unsigned char *bounds = to + ENTRY_LEAD + i * ENTRY_BOUNDS;
        sw_store64(bounds, entry->nulls);
        sw_store128(bounds + 8, entry->minimum);
        sw_store128(bounds + 24, entry->maximum);
    }
}

bool sw_index_add(struct sw_index_writer *index, uint64_t offset, uint64_t rows,
                  const struct sw_entry *directory, struct sw_error *error)
{
    size_t size = entry_bytes(index->column_count);
    if (index->entries.length + size > ENTRIES_BYTES_AT_MOST) halve(index);
    if (!sw_buffer_reserve(&index->entries, size, error)) return false;
    tell_block(index->entries.bytes + index->entries.length, index, offset, rows, directory);
    index->entries.length += size;
    index->entry_count++;
    return true;
}

bool sw_index_format(const struct sw_index_writer *index, uint64_t stream_bytes,
                     struct sw_buffer *body, struct sw_error *error)
{
    size_t lead = INDEX_LEAD + list_bytes(index->column_count);
    if (!sw_buffer_reserve(body, lead + index->entries.length + INDEX_TAIL, error)) return false;
    unsigned char *to = body->bytes + body->length;
    memset(to, 0, lead);
    sw_store32(to, (uint32_t)index->column_count);
    sw_store32(to + 4, (uint32_t)index->entry_count);
    for (size_t i = 0; i < index->column_count; i++)
        sw_store32(to + INDEX_LEAD + 4 * i, index->columns[i]);
    if (index->entries.length) memcpy(to + lead, index->entries.bytes, index->entries.length);
    body->length += lead + index->entries.length + INDEX_TAIL;
    sw_store64(body->bytes + body->length - 16, stream_bytes);
    sw_store64(body->bytes + body->length - 8, SW_FRAME_LENGTH + body->length);
    return true;
}

/* ---- reading ---- */

int sw_index_column(const struct sw_index *index, size_t i)
{
    return (int)sw_load32(index->columns + 4 * i);
}

static const unsigned char *entry_at(const struct sw_index *index, size_t i)
{
    return index->entries + i * entry_bytes(index->column_count);
}

static bool columns_exist(const struct sw_index *index, const struct sw_schema *schema)
{
    for (size_t i = 0; i < index->column_count; i++)
        if (sw_load32(index->columns + 4 * i) >= schema->column_count) return false;
    return true;
}

/* The entries come in the order of the stream and hold all of its rows and blocks. */
static bool entries_add_up(const struct sw_index *index, uint64_t rows, uint64_t blocks)
{
    uint64_t end = 0;
    for (size_t i = 0; i < index->entry_count; i++) {
        const unsigned char *entry = entry_at(index, i);
        uint64_t offset = sw_load64(entry), some_rows = sw_load64(entry + 8);
        uint64_t some_blocks = sw_load64(entry + 16);
        if (offset <= end || offset >= index->stream_bytes || some_blocks == 0 ||
            some_rows < some_blocks || some_rows > rows || some_blocks > blocks)
            return false;
        end = offset;
        rows -= some_rows;
        blocks -= some_blocks;
    }
    return rows == 0 && blocks == 0;
}

bool sw_index_parse(const unsigned char *body, size_t length, const struct sw_schema *schema,
                    struct sw_index *index)
{
    *index = (struct sw_index){0};
    if (length == SW_END_LENGTH) return true;
    if (length < SW_END_LENGTH + INDEX_LEAD + INDEX_TAIL) return false;
    index->column_count = sw_load32(body + SW_END_LENGTH);
    index->entry_count = sw_load32(body + SW_END_LENGTH + 4);
    index->columns = body + SW_END_LENGTH + INDEX_LEAD;
    if (index->column_count > schema->column_count) return false;
    size_t lead = SW_END_LENGTH + INDEX_LEAD + list_bytes(index->column_count);
    uint64_t entries = (uint64_t)index->entry_count * entry_bytes(index->column_count);
    if (lead + entries + INDEX_TAIL != length || !columns_exist(index, schema)) return false;
    index->entries = body + lead;
    index->stream_bytes = sw_load64(body + length - 16);
    return sw_load64(body + length - 8) == SW_FRAME_LENGTH + length &&
           entries_add_up(index, sw_load64(body), sw_load64(body + 8));
}

/* ---- an index against its blocks ---- */

bool sw_index_check_begin(struct sw_index_check *check, const struct sw_index *index,
                          const struct sw_schema *schema, struct sw_error *error)
{
    struct sw_index_writer *like = &check->like;
    *check = (struct sw_index_check){.index = index, .like.schema = schema};
    like->columns = sw_alloc(index->column_count, sizeof *like->columns, error);
    if (!like->columns ||
        !sw_buffer_reserve(&like->entries, 2 * entry_bytes(index->column_count), error))
        return false;
    like->column_count = index->column_count;
    for (size_t i = 0; i < index->column_count; i++)
        like->columns[i] = (uint32_t)sw_index_column(index, i);
    return true;
}

bool sw_index_check_block(struct sw_index_check *check, uint64_t offset, uint64_t rows,
                          const struct sw_entry *directory)
{
    size_t size = entry_bytes(check->index->column_count);
    unsigned char *joined = check->like.entries.bytes;
    const unsigned char *entry = entry_at(check->index, check->number);
    tell_block(check->blocks ? joined + size : joined, &check->like, offset, rows, directory);
    if (check->blocks) join_entries(&check->like, joined, joined + size);
    check->blocks++;
    if (check->blocks < sw_load64(entry + 16)) return true;
    check->blocks = 0;
    check->number++;
    return memcmp(joined, entry, size) == 0;
}

void sw_index_check_end(struct sw_index_check *check)
{
    sw_index_free(&check->like);
}

/* ---- a route ---- */

static bool meets(const struct sw_index *index, size_t number, const struct sw_schema *schema,
                  const struct sw_range_predicate *range_predicate)
{
    const unsigned char *entry = entry_at(index, number);
    for (size_t i = 0; i < index->column_count; i++) {
        const unsigned char *bounds = entry + ENTRY_LEAD + i * ENTRY_BOUNDS;
        if (sw_index_column(index, i) != range_predicate->column) continue;
        if (sw_load64(bounds) == sw_load64(entry + 8)) return false;
        return sw_range_predicate_meets(range_predicate,
                                        schema->columns[range_predicate->column].type,
                                        sw_load128(bounds + 8), sw_load128(bounds + 24));
    }
    return true;
}

static bool meets_all(const struct sw_index *index, size_t number, const struct sw_schema *schema,
                      const struct sw_range_predicate *range_predicates, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!meets(index, number, schema, &range_predicates[i])) return false;
    return true;
}

/* A route under construction. */
struct route {
    struct sw_extent *extents;
    size_t count, capacity;
    struct sw_extent next; /* what is skipped ahead of it so far */
};

static bool add_extent(struct route *route, uint64_t offset, struct sw_error *error)
{
    if (!sw_grow(&route->extents, &route->capacity, route->count + 1, sizeof *route->extents,
                 error))
        return false;
    route->next.offset = offset;
    route->extents[route->count++] = route->next;
    route->next = (struct sw_extent){0};
    return true;
}

static bool add_entry(struct route *route, const unsigned char *entry, bool wanted, bool follows,
                      struct sw_error *error)
{
    if (!wanted) {
        route->next.skipped_rows += sw_load64(entry + 8);
        route->next.skipped_blocks += sw_load64(entry + 16);
        return true;
    }
    if (!follows && !add_extent(route, sw_load64(entry), error)) return false;
    struct sw_extent *extent = &route->extents[route->count - 1];
    extent->rows += sw_load64(entry + 8);
    extent->blocks += sw_load64(entry + 16);
    return true;
}

bool sw_index_route(const struct sw_index *index, const struct sw_schema *schema,
                    const struct sw_range_predicate *range_predicates, size_t range_predicate_count,
                    struct sw_extent **extents, struct sw_error *error)
{
    struct route route = {0};
    bool good = true, follows = false; /* the entry before was wanted too */
    for (size_t i = 0; good && i < index->entry_count; i++) {
        bool wanted = meets_all(index, i, schema, range_predicates, range_predicate_count);
        good = add_entry(&route, entry_at(index, i), wanted, follows, error);
        follows = wanted;
    }
    good = good && add_extent(&route, index->stream_bytes, error);
    if (!good) free(route.extents);
    *extents = good ? route.extents : NULL;
    return good;
}
