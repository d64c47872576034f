/* SPDX-License-Identifier: ISC */
#include "expr/select_rows.h"

#include "base/memory.h"
#include "expr/evaluate.h"
#include "expr/tree.h"
#include "kernels/mask.h"

/* Picking single values pays below one row in so many. */
enum { FEW = 8 };

/* The rows that met all conditions so far, by their numbers in the block. */
struct selection {
    uint32_t *rows;
    size_t count;
    bool picked; /* the view has just these, else all of the block */
};

/* Keeps rows of a view that was narrowed already, by their numbers in the block. None is written
 * over before it was looked up. */
static void number_kept(const struct selection *selection, size_t found, const uint32_t *kept,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) selection->rows[found + i] = selection->rows[kept[i]];
}

/* All of the view's rows met the conditions before. */
static bool select_all(struct sw_slice *slice, struct sw_node *node, struct selection *selection)
{
    unsigned char mask[SW_SLICE_ROWS];
    uint32_t kept[SW_SLICE_ROWS];
    size_t rows = slice->view->rows, found = 0;
    for (slice->start = 0; slice->start < rows; slice->start += slice->count) {
        slice->count = rows - slice->start < SW_SLICE_ROWS ? rows - slice->start : SW_SLICE_ROWS;
        if (!sw_slice_mask(slice, node, mask)) return false;
        uint32_t *to = selection->picked ? kept : selection->rows + found;
        size_t more = sw_mask_best()->rows(mask, slice->count, (uint32_t)slice->start, to);
        if (selection->picked) number_kept(selection, found, kept, more);
        found += more;
    }
    selection->count = found;
    return true;
}

/* Slices without a row that is left are not asked. */
static bool select_rest(struct sw_slice *slice, struct sw_node *node, struct selection *selection)
{
    unsigned char mask[SW_SLICE_ROWS];
    size_t rows = slice->view->rows, found = 0, next = 0;
    while (next < selection->count) {
        slice->start = selection->rows[next] / SW_SLICE_ROWS * SW_SLICE_ROWS;
        slice->count = rows - slice->start < SW_SLICE_ROWS ? rows - slice->start : SW_SLICE_ROWS;
        if (!sw_slice_mask(slice, node, mask)) return false;
        for (; next < selection->count && selection->rows[next] < slice->start + slice->count;
             next++) {
            uint32_t row = selection->rows[next];
            selection->rows[found] = row;
            found += mask[row - slice->start] == SW_TRUE;
        }
    }
    selection->count = found;
    return true;
}

/* All rows of a block by what their codes stand for, of which there are fewer. */
static bool select_coded(struct sw_slice *slice, struct sw_node *node, const struct sw_keyed *keyed,
                         struct selection *selection)
{
    if (!sw_grow(&node->table, &node->table_capacity, keyed->distinct, 1, slice->error))
        return false;
    sw_numbers_mask(node, keyed->numbers, keyed->distinct, node->table);
    selection->count =
        sw_mask_best()->coded(node->table, keyed->codes, slice->view->rows, selection->rows);
    return true;
}

static bool select_any(struct sw_slice *slice, struct sw_node *node, struct selection *selection)
{
    struct sw_keyed keyed = {0};
    int column;
    if (selection->count < slice->view->rows) return select_rest(slice, node, selection);
    if (sw_is_of_numbers(node, &column) &&
        !sw_view_keyed(slice->view, column, &keyed, slice->error))
        return false;
    return keyed.codes ? select_coded(slice, node, &keyed, selection)
                       : select_all(slice, node, selection);
}

static bool sift(struct sw_slice *slice, struct sw_node *node, struct selection *selection)
{
    struct sw_view *view = slice->view;
    if (selection->count == 0) return true;
    node->asked += selection->count;
    bool good = select_any(slice, node, selection);
    node->kept += selection->count;
    if (!good || selection->count == 0 || selection->count == view->rows) return good;
    if (!selection->picked && selection->count >= view->rows / FEW) return true;
    return sw_view_pick(view, selection->rows, selection->count, &selection->picked, slice->error);
}

/* Of a stored column, which costs less than one that has to be derived. */
static bool is_plain(const struct sw_node *node, const struct sw_view *view)
{
    int column;
    return sw_is_of_numbers(node, &column) && sw_view_stored(view, column) >= 0;
}

/* Whether a should be asked before b: it is plainer, or has kept a smaller part of its rows. */
static bool goes_before(const struct sw_node *a, const struct sw_node *b,
                        const struct sw_view *view)
{
    bool a_plain = is_plain(a, view), b_plain = is_plain(b, view);
    if (a_plain != b_plain) return a_plain;
    return (sw_uint128)a->kept * b->asked < (sw_uint128)b->kept * a->asked;
}

/* What the blocks before have shown is taken account of a step at a time. The order changes no
 * outcome: none of these conditions can fail. */
static void improve_order(struct sw_node *root, const struct sw_view *view)
{
    for (size_t i = root->child_count - 1; i > 0; i--) {
        struct sw_node **pair = &root->children[i - 1], *first = pair[0];
        if (!goes_before(pair[1], first, view)) continue;
        pair[0] = pair[1];
        pair[1] = first;
    }
}

static bool select_conditions(struct sw_slice *slice, struct sw_node *root,
                              struct selection *selection)
{
    if (root->kind != SW_NODE_AND) return sift(slice, root, selection);
    improve_order(root, slice->view);
    for (size_t i = 0; i < root->child_count; i++)
        if (!sift(slice, root->children[i], selection)) return false;
    return true;
}

bool sw_expression_pick(struct sw_expression *expression, struct sw_view *view, uint32_t *selected,
                        size_t *count, struct sw_error *error)
{
    struct sw_slice slice = {
        .expression = expression, .view = view, .counted = true, .error = error};
    sw_slice_prepare(&slice);
    struct selection selection = {selected, view->rows, false};
    if (!expression->root || expression->root->may_fail)
        return sw_expression_select(expression, view, selected, count, error);
    expression->block++;
    expression->rows += view->rows;
    if (!select_conditions(&slice, expression->root, &selection)) return false;
    *count = selection.count;
    return true;
}
