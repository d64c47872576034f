/* SPDX-License-Identifier: ISC
 *
 * What the fuzz targets share. A target is a file of this folder with LLVMFuzzerTestOneInput: it
 * gives a reader of bytes bytes that nobody would write, and says what must hold of what comes out;
 * where it does not, fuzz_require ends the process. It is built twice: with clang's libFuzzer,
 * which makes the bytes up (`make fuzz`), and with replay.c, which takes them from files (`make
 * fuzz-replay`, any compiler).
 */
#ifndef SW_TESTS_FUZZ_H
#define SW_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "files/output.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t maximum, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t maximum);

/* Ends the process with the reason, unless it holds. */
#define fuzz_require(holds, ...)                                                                   \
    ((holds) ? (void)0 : fuzz_give_up(__FILE__, __LINE__, #holds, __VA_ARGS__))
_Noreturn void fuzz_give_up(const char *file, int line, const char *what, const char *format, ...)
    SW_PRINTF(4, 5);

/* A failure has a status and a reason, a success has neither. */
void fuzz_check_error(bool good, const struct sw_error *error);

/* Files in memory. Each of FUZZ_FILES slots holds one at a time; its path stays the same. */
enum { FUZZ_FILES = 8 };
const char *fuzz_file(unsigned slot, const void *bytes, size_t size);

/* The same bytes through a pipe, once; at most FUZZ_PIPE_MAXIMUM. The path is good until the next
 * call. fuzz_pipe_end closes what is left of it. */
enum { FUZZ_PIPE_MAXIMUM = 512 << 10 };
const char *fuzz_pipe(const void *bytes, size_t size);
void fuzz_pipe_end(void);

/* An output into an empty file of a slot; once it is closed, what went there as a text with a NUL
 * after it, which the caller frees. */
void fuzz_output(struct sw_output *output, unsigned slot);
char *fuzz_written(unsigned slot, size_t *length);

/* A file of a folder of this process's own, which is gone when it ends well. Its path stays until
 * the name is used again. */
const char *fuzz_folder(void);
const char *fuzz_named_file(const char *name, const void *bytes, size_t size);

/* A number made from the bytes, for choices that are not worth bytes of their own. */
uint64_t fuzz_hash(const void *bytes, size_t size);
/* The next of a row of numbers that begins with any *state. */
uint64_t fuzz_next(uint64_t *state);

/* Whether it is one value of JSON, in UTF-8. */
bool fuzz_is_json(const void *bytes, size_t length);

#endif
