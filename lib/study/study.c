/* SPDX-License-Identifier: ISC */
#include "study/stages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char *path_of(const struct sw_study *study, const char *name, struct sw_error *error)
{
    struct sw_buffer path = {0};
    if (sw_buffer_format(&path, error, "%s/%s", study->settings->folder, name) &&
        sw_buffer_add(&path, "", 1, error))
        return (char *)path.bytes;
    sw_buffer_free(&path);
    return NULL;
}

/* Files are written where they stay, so there must be none. */
static bool refuse_results(const struct sw_study *study, const char *name, struct sw_error *error)
{
    struct stat about;
    char *path = path_of(study, name, error);
    bool good = path && (lstat(path, &about) != 0 ||
                         sw_fail(error, SW_USAGE, "%s: is there already", path));
    free(path);
    return good;
}

static bool prepare(struct sw_study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    study->tally.inclusion = settings->inclusion;
    memcpy(study->tally.chosen, settings->simulate.chosen, sizeof study->tally.chosen);
    study->files = (struct sw_study_files){.folder = settings->folder,
                                           .scratch_folder = settings->simulate.folder,
                                           .format = settings->format,
                                           .tables = settings->tables,
                                           .memory_bytes = settings->simulate.memory_bytes};
    study->orders_path = path_of(study, "orders.swr", error);
    study->sums_path = path_of(study, "simulation_sums.swr", error);
    study->partial_path = path_of(study, "partial.swr", error);
    study->tally_path = path_of(study, "tally", error);
    study->tca_path = path_of(study, "tca.swr", error);
    return study->orders_path && study->sums_path && study->partial_path && study->tally_path &&
           study->tca_path && refuse_results(study, "by_security", error) &&
           refuse_results(study, "tables", error) &&
           sw_scratch_open(&study->scratch, settings->simulate.folder, error);
}

bool sw_study_run(const struct sw_study_settings *settings, struct sw_error *error)
{
    struct sw_study study = {.settings = settings, .scratch = {.output = {.fd = -1}}};
    bool good = prepare(&study, error) && sw_study_merge(&study, error) &&
                sw_study_classify(&study, error) && sw_study_select(&study, error) &&
                sw_study_write_orders(&study, error) && sw_study_simulate(&study, error) &&
                sw_study_cost(&study, error) && sw_study_aggregate(&study, error) &&
                sw_study_write_events(&study, error) &&
                sw_study_tally_write(&study.tally, study.tally_path, error);
    if (study.scratch.output.fd >= 0) sw_scratch_close(&study.scratch);
    sw_study_files_free(&study.files);
    sw_study_tally_free(&study.tally);
    free(study.orders_path);
    free(study.sums_path);
    free(study.partial_path);
    free(study.tally_path);
    free(study.tca_path);
    return good;
}
