/* SPDX-License-Identifier: ISC
 *
 * Why nothing can be written.
 */
#ifndef SW_STAGE_WHY_NOT_H
#define SW_STAGE_WHY_NOT_H

/* The reason why no file can be made and filled beside `path`, in the system's words; NULL where it can, or there is no such folder. What failed
 * has left a little room behind it by now, as a rule, so that only some megabytes tell. */
const char *sw_why_not(const char *path);

#endif
