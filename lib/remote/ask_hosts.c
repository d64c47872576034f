/* SPDX-License-Identifier: ISC */
#include "remote/ask_hosts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/memory.h"
#include "files/folders.h"
#include "files/output.h"
#include "files/whole.h"
#include "host/tree.h"
#include "remote/answer.h"
#include "remote/command.h"

enum { PATH_LENGTH = 4352, SCRIPT_MOST = 1 << 20 };

struct asking {
    const struct sw_host_list *hosts;
    const struct sw_ask_hosts *how;
    char token[64];
    struct sw_buffer files, table, logins;
    size_t file_count;
};

static bool path_of(const struct asking *asking, const char *name, char path[PATH_LENGTH],
                    struct sw_error *error)
{
    return snprintf(path, PATH_LENGTH, "%s/hosts/%s", asking->how->work, name) < PATH_LENGTH ||
           sw_fail(error, SW_SYSTEM, "%s: too long a name", asking->how->work);
}

static bool write_file(const struct asking *asking, const char *name, const struct sw_buffer *text,
                       struct sw_error *error)
{
    char path[PATH_LENGTH];
    return path_of(asking, name, path, error) &&
           sw_output_file(path, text->bytes, text->length, error);
}

/* ---- the question ---- */

static bool put_word(struct sw_buffer *out, const char *word, struct sw_error *error)
{
    bool good = sw_buffer_text(out, " '", error);
    for (; good && *word; word++)
        good = *word == '\'' ? sw_buffer_text(out, "'\\''", error)
                             : sw_buffer_add(out, word, 1, error);
    return good && sw_buffer_text(out, "'", error);
}

static bool put_files(const struct asking *asking, struct sw_buffer *out, struct sw_error *error)
{
    struct stat about;
    const char *file = (const char *)asking->files.bytes;
    for (size_t i = 0; i < asking->file_count; i++, file += strlen(file) + 1)
        if (stat(file, &about) != 0
                ? !sw_fail_errno(error, "%s", file)
                : !sw_buffer_format(out, error, " %" PRId64, (int64_t)about.st_size) ||
                      !put_word(out, file, error))
            return false;
    return true;
}

/* The words of the question, and the script that answers it; this machine is asked about these pipelines. */
static bool write_question(const struct asking *asking, bool is_here, struct sw_error *error)
{
    const struct sw_ask_hosts *how = asking->how;
    const char *remote_bin = !is_here && how->remote_bin ? how->remote_bin : "";
    char path[PATH_LENGTH];
    struct sw_buffer text = {0};
    const char *const words[] = {is_here ? how->home : "", how->bin, remote_bin, how->home,
                                 how->folder};
    bool good = sw_buffer_text(&text, "set --", error);
    for (size_t i = 0; good && i < sizeof words / sizeof *words; i++)
        good = put_word(&text, words[i], error);
    good = good && path_of(asking, "token", path, error) && put_word(&text, path, error) &&
           put_word(&text, asking->token, error) && put_files(asking, &text, error) &&
           sw_buffer_text(&text, "\n", error);
    snprintf(path, sizeof path, "%s/remote/probe", how->home);
    good = good && sw_read_whole(path, "a script", SCRIPT_MOST, &text, error) &&
           write_file(asking, is_here ? "question.here" : "question", &text, error);
    sw_buffer_free(&text);
    return good;
}

static bool begin_asking(const struct asking *asking, const char *name, pid_t *process,
                         struct sw_error *error)
{
    struct sw_call shell = {0}, command = {0};
    char question[PATH_LENGTH], said[PATH_LENGTH], complaint[PATH_LENGTH], place[512];
    bool is_here = strcmp(name, ".") == 0;
    snprintf(place, sizeof place, "said/%s", is_here ? ":" : name);
    bool good = path_of(asking, place, said, error) &&
                path_of(asking, is_here ? "question.here" : "question", question, error) &&
                sw_call_words(&shell, error, "bash", "-p", "-s", NULL) &&
                (is_here || sw_call_over_ssh(&command, asking->how->ssh, name, &shell, error));
    snprintf(complaint, sizeof complaint, "%.*s.error", PATH_LENGTH - 8, said);
    good = good &&
           sw_call_begin(is_here ? &shell : &command, question, said, complaint, process, error);
    sw_call_free(&shell);
    sw_call_free(&command);
    return good;
}

/* ---- the answers ---- */

static bool take_answer(const struct asking *asking, const char *name, int status,
                        struct sw_answer *answer, struct sw_error *error)
{
    char place[512];
    *answer = (struct sw_answer){.unreachable = status != 0};
    snprintf(place, sizeof place, "/hosts/said/%s", name);
    if (!sw_tree_read(asking->how->work, place, &answer->text, error)) return false;
    sw_answer_take(answer);
    strcat(place, ".error");
    return sw_tree_read(asking->how->work, place, &answer->complaint, error);
}

static bool add_host(struct asking *asking, const struct sw_host *host,
                     const struct sw_answer *answer, unsigned *workers, struct sw_error *error)
{
    const struct sw_ask_hosts *how = asking->how;
    bool is_here = strcmp(host->name, ".") == 0;
    unsigned count = host->workers;
    if (count == 0 && (is_here || how->each_as_many)) count = how->workers;
    if (count == 0) count = answer->workers;
    *workers += count;
    return sw_buffer_format(&asking->table, error, "%s\t%u\t%s\t%s\t%s\n", host->name, count,
                            is_here || answer->sees ? "shared" : "shipped",
                            is_here ? how->bin : answer->bin,
                            is_here ? how->home : answer->pipelines) &&
           sw_buffer_format(&asking->logins, error, "%u/on-host %s\n", count, host->name);
}

static bool judge(struct asking *asking, const struct sw_host *host, int status,
                  const struct sw_answer *wanted, unsigned *workers, struct sw_error *error)
{
    struct sw_answer answer = {0};
    struct sw_error why = {0};
    if (strcmp(host->name, ".") == 0) return add_host(asking, host, wanted, workers, error);
    bool good = take_answer(asking, host->name, status, &answer, error);
    if (good && answer.unreachable) {
        (void)sw_fail(&why, SW_SYSTEM, "host %s: cannot be reached%s: %s", host->name,
                      asking->how->all_needed ? "" : ", and is left out",
                      sw_answer_reason(&answer));
        if (asking->how->all_needed)
            good = sw_fail(error, SW_SYSTEM, "%s", why.message);
        else
            asking->how->tell(why.message);
    } else {
        good = good &&
               sw_answer_is_fit(&answer, wanted, host->name, asking->how->remote_bin, error) &&
               add_host(asking, host, &answer, workers, error);
    }
    sw_answer_free(&answer);
    return good;
}

static bool judge_all(struct asking *asking, const int *statuses, unsigned *workers,
                      struct sw_error *error)
{
    struct sw_answer wanted = {0};
    bool good = take_answer(asking, ":", 0, &wanted, error);
    *workers = 0;
    for (size_t i = 0; good && i < asking->hosts->count; i++)
        good = judge(asking, &asking->hosts->items[i], statuses[i], &wanted, workers, error);
    if (good && asking->table.length == 0)
        good = sw_fail(error, SW_SYSTEM, "none of the hosts can be reached");
    sw_answer_free(&wanted);
    return good;
}

/* All of them at once, and this machine, which says what is wanted. */
static bool ask_all(const struct asking *asking, int *statuses, struct sw_error *error)
{
    size_t count = asking->hosts->count, begun = 0;
    pid_t *processes = sw_alloc(count, sizeof *processes, error), here = 0;
    bool good = processes && begin_asking(asking, ".", &here, error);
    for (; good && begun < count; begun++)
        if (strcmp(asking->hosts->items[begun].name, ".") != 0)
            good = begin_asking(asking, asking->hosts->items[begun].name, &processes[begun], error);
    if (here) (void)sw_call_wait(here);
    for (size_t i = 0; i < begun; i++)
        statuses[i] = processes[i] > 0 ? sw_call_wait(processes[i]) : 0;
    free(processes);
    return good;
}

static bool make_folder(struct asking *asking, struct sw_error *error)
{
    struct timeval now;
    struct sw_buffer text = {0};
    char path[PATH_LENGTH];
    gettimeofday(&now, NULL);
    snprintf(asking->token, sizeof asking->token, "%ld %ld.%06ld", (long)getpid(), (long)now.tv_sec,
             (long)now.tv_usec);
    bool good = path_of(asking, "", path, error) &&
                sw_run_program(error, "rm", "-rf", "--", path, NULL) &&
                path_of(asking, "lost", path, error) && sw_make_folders(path, error) &&
                path_of(asking, "said", path, error) && sw_make_folders(path, error) &&
                sw_buffer_format(&text, error, "%s\n", asking->token) &&
                write_file(asking, "token", &text, error);
    sw_buffer_free(&text);
    return good;
}

bool sw_ask_hosts(const struct sw_host_list *hosts, const struct sw_ask_hosts *how,
                  unsigned *workers, struct sw_error *error)
{
    struct asking asking = {.hosts = hosts, .how = how};
    int *statuses = sw_alloc(hosts->count, sizeof *statuses, error);
    bool good = statuses && sw_read_names(NULL, &asking.files, &asking.file_count, error) &&
                make_folder(&asking, error) && write_question(&asking, true, error) &&
                write_question(&asking, false, error) && ask_all(&asking, statuses, error) &&
                judge_all(&asking, statuses, workers, error) &&
                write_file(&asking, "table", &asking.table, error) &&
                write_file(&asking, "logins", &asking.logins, error);
    free(statuses);
    sw_buffer_free(&asking.files);
    sw_buffer_free(&asking.table);
    sw_buffer_free(&asking.logins);
    return good;
}
