/* SPDX-License-Identifier: ISC
 *
 * Why nothing can be written.
 */
#ifndef SW_STAGE_WHY_NOT_H
#define SW_STAGE_WHY_NOT_H

/* The reason why no file can be made beside `path` and filled with some megabytes, in the system's words; NULL where it can, or there is
 * no such folder. A few bytes would not show a full disk: what failed has freed that much by the time it is asked about. */
const char *sw_why_not(const char *path);

#endif
