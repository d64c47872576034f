/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/shown.h"
#include "monitor/amount.h"
#include "monitor/picture.h"

/* A metric that every stage has: a value ÷ 10^scale of the stage; false where it is not known. */
struct metric {
    const char *name, *type, *help;
    int scale;
    bool (*value)(const struct sw_stage *stage, const struct sw_progress *progress,
                  uint64_t *value);
};

#define METRIC_VALUE(name, expression)                                                             \
    static bool name(const struct sw_stage *stage, const struct sw_progress *progress,             \
                     uint64_t *value)                                                              \
    {                                                                                              \
        (void)stage;                                                                               \
        (void)progress;                                                                            \
        *value = (uint64_t)(expression);                                                           \
        return true;                                                                               \
    }
METRIC_VALUE(done_ratio, progress->permille)
METRIC_VALUE(elapsed, progress->elapsed_us)
METRIC_VALUE(workers, stage->workers)
METRIC_VALUE(rows_read, progress->rows_read)
METRIC_VALUE(rows_out, progress->rows_out)
METRIC_VALUE(cpu, stage->load.cpu_us)
METRIC_VALUE(memory, stage->load.memory_bytes)
METRIC_VALUE(memory_mean, sw_load_mean_bytes(&stage->load))
METRIC_VALUE(memory_peak, stage->load.peak_bytes)
METRIC_VALUE(disk_read, stage->load.read_bytes)
METRIC_VALUE(disk_written, stage->load.written_bytes)

static bool left(const struct sw_stage *stage, const struct sw_progress *progress, uint64_t *value)
{
    (void)stage;
    *value = (uint64_t)progress->left_us;
    return progress->left_us >= 0;
}

static const struct metric metrics[] = {
    {"sw_stage_done_ratio", "gauge", "Part of the stage's work, by weight, that is done.", 3,
     done_ratio},
    {"sw_stage_elapsed_seconds", "gauge", "Time since the stage began, or that it took.", 6,
     elapsed},
    {"sw_stage_eta_seconds", "gauge", "Time that the rest of the stage will take.", 6, left},
    {"sw_stage_workers", "gauge", "Workers that the stage began with.", 0, workers},
    {"sw_stage_rows_read_total", "counter", "Rows that ended jobs have read.", 0, rows_read},
    {"sw_stage_rows_out_total", "counter", "Rows that ended jobs have put out.", 0, rows_out},
    {"sw_stage_cpu_seconds_total", "counter", "CPU time of the stage's jobs.", 6, cpu},
    {"sw_stage_memory_bytes", "gauge", "Resident memory of the running jobs.", 0, memory},
    {"sw_stage_memory_mean_bytes", "gauge", "Its mean while jobs were watched.", 0, memory_mean},
    {"sw_stage_memory_peak_bytes", "gauge", "Its peak.", 0, memory_peak},
    {"sw_stage_disk_read_bytes_total", "counter", "Bytes that jobs read from disks.", 0, disk_read},
    {"sw_stage_disk_written_bytes_total", "counter", "Bytes that jobs wrote to disks.", 0,
     disk_written},
};

static bool add_head(struct sw_buffer *out, const char *name, const char *type, const char *help,
                     struct sw_error *error)
{
    return sw_buffer_format(out, error, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A label's value, as a terminal may have it: backslash and quote are escaped. */
static bool add_label(struct sw_buffer *out, const char *text, struct sw_error *error)
{
    bool good = sw_buffer_text(out, "\"", error);
    size_t left = strlen(text), length;
    for (; good && left; text += length, left -= length) {
        char shown[SW_SHOWN_MAXIMUM];
        size_t count = sw_shown_character(shown, text, left, &length);
        for (size_t i = 0; good && i < count; i++)
            good =
                (shown[i] != '\\' && shown[i] != '"' ? true : sw_buffer_text(out, "\\", error)) &&
                sw_buffer_add(out, &shown[i], 1, error);
    }
    return good && sw_buffer_text(out, "\"", error);
}

static bool add_labels(const struct sw_snapshot *snapshot, const char *name,
                       const struct sw_stage *stage, struct sw_buffer *out, struct sw_error *error)
{
    return sw_buffer_format(out, error, "%s{run=", name) &&
           add_label(out, snapshot->run->output, error) &&
           (!stage ||
            (sw_buffer_text(out, ",stage=", error) && add_label(out, stage->name, error)));
}

static bool add_metric(const struct sw_snapshot *snapshot, const struct metric *metric,
                       struct sw_buffer *out, struct sw_error *error)
{
    if (!add_head(out, metric->name, metric->type, metric->help, error)) return false;
    for (size_t i = 0; i < snapshot->run->stage_count; i++) {
        const struct sw_stage *stage = &snapshot->run->stages[i];
        struct sw_progress progress;
        uint64_t value;
        char text[SW_NUMBER_LENGTH];
        sw_progress_stage(stage, snapshot->now_us, &progress);
        if (!metric->value(stage, &progress, &value)) continue;
        size_t length = sw_format_decimal(text, value, metric->scale);
        if (!add_labels(snapshot, metric->name, stage, out, error) ||
            !sw_buffer_format(out, error, "} %.*s\n", (int)length, text))
            return false;
    }
    return true;
}

static bool add_jobs(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                     struct sw_error *error)
{
    static const char name[] = "sw_stage_jobs";
    bool good =
        add_head(out, name, "gauge", "Jobs of the stage, by what has become of them.", error);
    for (size_t i = 0; good && i < snapshot->run->stage_count; i++) {
        const struct sw_stage *stage = &snapshot->run->stages[i];
        struct sw_progress progress;
        sw_progress_stage(stage, snapshot->now_us, &progress);
        const struct {
            const char *state;
            uint64_t count;
        } kinds[] = {{"done", progress.done},
                     {"running", progress.running},
                     {"failed", progress.failed},
                     {"waiting", progress.waiting}};
        for (size_t k = 0; good && k < 4; k++)
            good = add_labels(snapshot, name, stage, out, error) &&
                   sw_buffer_format(out, error, ",state=\"%s\"} %" PRIu64 "\n", kinds[k].state,
                                    kinds[k].count);
    }
    return good;
}

static bool add_state(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                      struct sw_error *error)
{
    static const char name[] = "sw_run_state";
    bool good = add_head(out, name, "gauge", "1 for the state that the run is in.", error);
    for (int state = SW_RUN_WAITING; good && state <= SW_RUN_GONE; state++)
        good = add_labels(snapshot, name, NULL, out, error) &&
               sw_buffer_format(out, error, ",state=\"%s\"} %d\n",
                                sw_run_state_name((enum sw_run_state)state),
                                (int)snapshot->state == state);
    return good;
}

bool sw_picture_prometheus(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                           struct sw_error *error)
{
    bool good = add_state(snapshot, out, error) && add_jobs(snapshot, out, error);
    for (size_t i = 0; good && i < sizeof metrics / sizeof *metrics; i++)
        good = add_metric(snapshot, &metrics[i], out, error);
    return good;
}
