/* SPDX-License-Identifier: ISC
 *
 * The folder of a run, and /proc and /sys below a root, as sw-monitor and sw-hwinfo read them:
 * files, each after a line "== NAME". Whatever stands in them, looking at it goes well; pictures
 * have no control characters, and what is JSON is JSON.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "host/cgroup.h"
#include "host/cores.h"
#include "host/hardware.h"
#include "monitor/account.h"
#include "monitor/picture.h"
#include "monitor/sample.h"

enum { FILES_MOST = 24, NAME_MOST = 100 };

static const char border[] = "== ";
static char names[FILES_MOST][256];
static size_t name_count;

/* ---- files ---- */

static bool is_name(const char *name, size_t length)
{
    if (length == 0 || length > NAME_MOST || name[0] == '/' || name[length - 1] == '/')
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] <= ' ' || name[i] == 0x7f) return false;
    return !memmem(name, length, "..", 2) && !memmem(name, length, "//", 2);
}

/* The folders on the way to a file. */
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + strlen(fuzz_folder()) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        struct stat about;
        *slash = 0;
        mkdir(path, 0700);
        bool folder = stat(path, &about) == 0 && S_ISDIR(about.st_mode);
        *slash = '/';
        if (!folder) return false;
    }
    return true;
}

static void make_file(const char *name, size_t name_length, const char *text, size_t length)
{
    if (name_count == FILES_MOST || !is_name(name, name_length)) return;
    char *path = names[name_count];
    snprintf(path, sizeof names[0], "%s/%.*s", fuzz_folder(), (int)name_length, name);
    if (!make_folders(path)) return;
    FILE *file = fopen(path, "wb");
    if (!file) return;
    name_count++;
    if (length && fwrite(text, 1, length, file) != length) abort();
    fclose(file);
}

static void make_files(const char *text, size_t size)
{
    const char *end = text + size;
    while (text < end) {
        const char *line = memchr(text, '\n', (size_t)(end - text));
        const char *body = line ? line + 1 : end, *next = body;
        while (next && next < end && !((size_t)(end - next) > 3 && memcmp(next, border, 3) == 0)) {
            next = memchr(next, '\n', (size_t)(end - next));
            if (next) next++;
        }
        if (!next) next = end;
        if (line && line - text > 3 && memcmp(text, border, 3) == 0)
            make_file(text + 3, (size_t)(line - text - 3), body, (size_t)(next - body));
        text = next;
    }
}

static void remove_files(void)
{
    while (name_count > 0) {
        char *path = names[--name_count], *slash;
        unlink(path);
        while ((slash = strrchr(path, '/')) && slash > path + strlen(fuzz_folder())) {
            *slash = 0;
            if (rmdir(path) != 0) break;
        }
    }
}

/* ---- looks ---- */

static void check_picture(const struct sw_buffer *out)
{
    for (size_t i = 0; i < out->length; i++)
        fuzz_require(out->bytes[i] == '\n' || (out->bytes[i] >= ' ' && out->bytes[i] != 0x7f),
                     "a control character: %.*s", (int)out->length, out->bytes);
}

static void draw(const struct sw_snapshot *snapshot)
{
    struct sw_buffer out = {0};
    struct sw_error error = {0};
    struct sw_job_place places[8];
    char path[128];
    for (int choice = SW_SLOWEST; choice <= SW_FAILED_JOBS; choice++)
        (void)sw_jobs_choose(snapshot->run, (enum sw_job_choice)choice, snapshot->now_us, places,
                             8);
    bool good = sw_picture_text(snapshot, (struct sw_picture_room){0}, &out, &error) &&
                sw_picture_text(snapshot, (struct sw_picture_room){160, 12}, &out, &error) &&
                sw_picture_line(snapshot, &out, &error);
    fuzz_require(good, "%s", error.message);
    check_picture(&out);
    out.length = 0;
    fuzz_require(sw_picture_json(snapshot, &out, &error), "%s", error.message);
    fuzz_require(fuzz_is_json(out.bytes, out.length), "%.*s", (int)out.length, out.bytes);
    out.length = 0;
    fuzz_require(sw_picture_prometheus(snapshot, &out, &error), "%s", error.message);
    check_picture(&out);
    snprintf(path, sizeof path, "%s/account", fuzz_folder());
    fuzz_require(sw_account_write(snapshot, path, &error), "%s", error.message);
    FILE *file = fopen(path, "rb");
    static char account[1 << 20];
    size_t length = file ? fread(account, 1, sizeof account, file) : 0;
    if (!file || (length < sizeof account && !fuzz_is_json(account, length)))
        fuzz_require(false, "the account: %.*s", (int)length, account);
    fclose(file);
    unlink(path);
    sw_buffer_free(&out);
}

static void look(const char *folder)
{
    struct sw_run run = {0};
    struct sw_processes processes = {0};
    struct sw_snapshot snapshot = {.run = &run, .now_us = 1725500000000000, .limit_permille = 850};
    struct sw_cgroup_limits limits;
    struct sw_cores cores = {0};
    struct sw_error error = {0};
    char out[128], root[128];
    snprintf(out, sizeof out, "%s/out", folder);
    snprintf(root, sizeof root, "%s/root", folder);
    bool good = sw_run_open(&run, out, &error);
    fuzz_check_error(good, &error);
    for (int i = 0; good && i < 2; i++) {
        good = sw_processes_read(root, &processes, &error) &&
               sw_run_read(&run, &processes, &error) &&
               sw_sample(&run, root, &processes, i * 1000000, &error) &&
               sw_pressure_read(root, &snapshot.pressure, &error) &&
               sw_cores_read(root, true, &cores, &error) && sw_cgroup_read(root, &limits, &error);
        fuzz_require(good, "%s", error.message);
        snapshot.cores = cores.allowed;
        snapshot.state = sw_run_lives(&run, &processes) ? SW_RUN_RUNNING : SW_RUN_GONE;
        draw(&snapshot);
    }
    sw_run_free(&run);
    sw_processes_free(&processes);
}

static void figures(const char *folder)
{
    static struct sw_machine_figure figures[SW_MACHINE_FIGURES];
    static const char *const formats[] = {"text", "sh", "make", "json"};
    struct sw_buffer out = {0};
    struct sw_error error = {0};
    char root[128];
    snprintf(root, sizeof root, "%s/root", folder);
    struct sw_places places = {.root = root, .temporary = folder};
    fuzz_require(sw_hardware_read(&places, figures, &error), "%s", error.message);
    sw_hardware_plan(figures, 1 << 30);
    for (size_t i = 0; i < 4; i++) {
        out.length = 0;
        fuzz_require(sw_figures_print(figures, formats[i], &out, &error), "%s", error.message);
        check_picture(&out);
    }
    fuzz_require(fuzz_is_json(out.bytes, out.length), "%.*s", (int)out.length, out.bytes);
    sw_buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *folder = fuzz_folder();
    make_files((const char *)bytes, size);
    look(folder);
    figures(folder);
    remove_files();
    return 0;
}
