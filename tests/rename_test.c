/* SPDX-License-Identifier: ISC
 *
 * rename_test FROM TO [FROM TO]…: gives finished files their names together, as the programs do.
 */
#include <stdio.h>

#include "files/rename.h"

int main(int argc, char **argv)
{
    struct sw_rename items[16];
    struct sw_error error = {0};
    size_t count = 0;
    for (int i = 1; i + 1 < argc && count < 16; i += 2)
        items[count++] = (struct sw_rename){argv[i], argv[i + 1], argv[i + 1]};
    if (sw_rename_all(items, count, &error)) return 0;
    fprintf(stderr, "%s\n", error.message);
    return 3;
}
