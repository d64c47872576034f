/* SPDX-License-Identifier: ISC
 *
 * replay FILE|FOLDER…: gives a target each file's bytes, without libFuzzer, and names it before. A
 * target that does not end in time is ended by SIGALRM: each file has SECONDS.
 */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

enum { SECONDS = 20 };

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t maximum)
{
    (void)bytes;
    return size < maximum ? size : maximum;
}

static bool replay_file(const char *path, size_t *count)
{
    FILE *file = fopen(path, "rb");
    struct stat about;
    if (!file || fstat(fileno(file), &about) != 0) return false;
    /* Exactly as large as the input: a byte too far is found. */
    uint8_t *bytes = malloc((size_t)about.st_size);
    size_t size = fread(bytes, 1, (size_t)about.st_size, file);
    fclose(file);
    printf("%s\n", path);
    fflush(stdout);
    alarm(SECONDS);
    LLVMFuzzerTestOneInput(bytes, size);
    alarm(0);
    free(bytes);
    ++*count;
    return true;
}

static bool replay(const char *path, size_t *count)
{
    char name[4096];
    DIR *folder = opendir(path);
    bool good = true;
    if (!folder) return errno == ENOTDIR && replay_file(path, count);
    for (struct dirent *entry; good && (entry = readdir(folder));) {
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.') good = replay(name, count);
    }
    closedir(folder);
    return good;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    for (int i = 1; i < argc; i++)
        if (!replay(argv[i], &count)) {
            perror(argv[i]);
            return 3;
        }
    printf("%s: %zu inputs replayed\n", argv[0], count);
    return 0;
}
