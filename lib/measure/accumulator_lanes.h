/* SPDX-License-Identifier: ISC
 *
 * Where a block's rows are added up: a lane of two cache lines for each cell that was met in the
 * block, of 64-bit sums that cannot overflow in a block. One loop takes each row to a lane of up to
 * three groupings. What the sums mean is measure/standard_measures.h's matter.
 *
 *     sw_lanes_assign(&lanes[i], cells, …)     for each grouping
 *     sw_lanes_fill(lanes, groupings, &columns)
 *     … lanes[i].lanes[0 … count - 1] belong to sw_lane_cell(&lanes[i], …), if they have rows …
 *     sw_lanes_reset(&lanes[i])
 *
 * Where cells are few for the block's rows a cell's number is its lane's; else lanes are given out
 * as cells are met.
 */
#ifndef SW_MEASURE_ACCUMULATOR_LANES_H
#define SW_MEASURE_ACCUMULATOR_LANES_H

#include "record/vector.h"

/* What a row adds to, in a lane. Ratios and values are moved by 2^63, so that none is negative, and
 * like squares cut into two halves, whose sums fit. In compact lanes values and squares are whole,
 * and what stands after SW_LANE_COMPACT is not used. */
enum {
    SW_LANE_FILLS,
    SW_LANE_QUANTITY,
    SW_LANE_MATCHED,
    SW_LANE_PRICE,
    SW_LANE_VALUE_LOW,
    SW_LANE_SQUARES_LOW,
    SW_LANE_RATIO_LOW,
    SW_LANE_RATIO_HIGH,
    SW_LANE_COMPACT,
    SW_LANE_VALUE = SW_LANE_VALUE_LOW,
    SW_LANE_SQUARES = SW_LANE_SQUARES_LOW,
    SW_LANE_ROWS = SW_LANE_COMPACT,
    SW_LANE_VALUE_HIGH,
    SW_LANE_SQUARES_HIGH,
    SW_LANE_SPARE,
    SW_LANE_SUMS,
};

/* What a row may lower. The largest is the smallest of the complements. */
enum {
    SW_LANE_PRICE_LEAST,
    SW_LANE_PRICE_MOST,
    SW_LANE_TIME_LEAST,
    SW_LANE_TIME_MOST,
    SW_LANE_EXTREMES
};

/* What a block's rows add to one cell: two cache lines, so that a row costs no more than that, and
 * four vectors of four numbers where the CPU has them. */
struct sw_lane {
    int64_t sums[SW_LANE_SUMS];
    int64_t least[SW_LANE_EXTREMES];
} __attribute__((aligned(64)));

struct sw_lanes {
    struct sw_lane *lanes;
    size_t count, ready;            /* lanes given out; that are empty, or were since */
    int shift;                      /* a cell has up to 2^shift lanes */
    bool direct;                    /* cells have the lanes of their numbers, met or not */
    const uint32_t *lane_of_row;    /* of the block's rows: their cells, or in `space` */
    uint32_t *space, *cell_of_lane; /* the latter where not direct */
    uint32_t *lane_of_cell;         /* lane + 1, 2^shift for each; all 0 between blocks */
    size_t cell_capacity;
};

enum { SW_LANE_ROWS_LEAST = 4 }; /* a block of fewer rows is none for lanes */

/* The lane of a row, and the cell of a lane. */
static inline size_t sw_lane_of_row(const struct sw_lanes *lanes, size_t row)
{
    return lanes->lane_of_row[row];
}

static inline uint32_t sw_lane_cell(const struct sw_lanes *lanes, size_t lane)
{
    return lanes->direct ? (uint32_t)(lane >> lanes->shift) : lanes->cell_of_lane[lane];
}

/* The columns of a block. Nulls are 0 in what is summed, and give way in the extremes. Of quantity
 * the squares fit 63 bits, of fills, matched and price sums do; ratio and value may be anything,
 * but where lanes are compact sums of values and of squares fit 63 bits, too. */
struct sw_lane_columns {
    size_t rows; /* SW_LANE_ROWS_LEAST or more */
    bool compact;
    const int64_t *fills, *quantity, *matched, *price, *ratio, *value;
    const int64_t *price_least, *price_most, *time_least, *time_most;
};

/* SW_SYSTEM: no memory. Free them in any case. */
bool sw_lanes_init(struct sw_lanes *lanes, struct sw_error *error) SW_CHECKED;
void sw_lanes_free(struct sw_lanes *lanes);

/* Gives every cell of the block, all below cell_limit, an empty lane, or a few. The cells stay
 * while the lanes are used. Each lane that gets rows must be emptied by sw_lane_empty before the next block. */
bool sw_lanes_assign(struct sw_lanes *lanes, const uint32_t *cells, size_t cell_limit, size_t rows,
                     struct sw_error *error) SW_CHECKED;

/* Adds each row to its lane in each of `count` (1 to 3) lanes. */
void sw_lanes_fill(const struct sw_lanes *lanes, size_t count,
                   const struct sw_lane_columns *columns);

void sw_lane_empty(struct sw_lane *lane);

/* Forgets the lanes. `used` is how many of them had rows. */
void sw_lanes_reset(struct sw_lanes *lanes, size_t used);

#endif
