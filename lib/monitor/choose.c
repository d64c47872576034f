/* SPDX-License-Identifier: ISC
 *
 * Jobs that are worth a line of their own. A part of monitor/progress.h.
 */
#include "monitor/progress.h"

static bool is_wanted(const struct sw_watched_job *job, enum sw_job_choice choice, int64_t now_us)
{
    switch (choice) {
    case SW_FAILED_JOBS:
        return job->state == SW_JOB_FAILED;
    case SW_FASTEST:
        return job->state == SW_JOB_DONE && sw_job_age(job, now_us) >= 0;
    case SW_RUNNING:
        return job->state == SW_JOB_RUNNING;
    case SW_SLOWEST:
        return sw_job_age(job, now_us) >= 0;
    }
    return false;
}

/* Whether `one` goes before `other`, which was found earlier unless their stages are the same. */
static bool goes_before(const struct sw_job_place *one, const struct sw_job_place *other,
                        enum sw_job_choice choice, int64_t now_us)
{
    int64_t age = sw_job_age(one->job, now_us), other_age = sw_job_age(other->job, now_us);
    if ((choice == SW_SLOWEST || choice == SW_RUNNING) && age != other_age) return age > other_age;
    if (choice == SW_FASTEST && age != other_age) return age < other_age;
    return one->stage == other->stage && one->job->position < other->job->position;
}

size_t sw_jobs_choose(const struct sw_run *run, enum sw_job_choice choice, int64_t now_us,
                      struct sw_job_place *places, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < run->stage_count; i++)
        for (size_t j = 0; j < run->stages[i].job_count; j++) {
            struct sw_job_place place = {&run->stages[i], &run->stages[i].jobs[j]};
            if (most == 0 || !is_wanted(place.job, choice, now_us)) continue;
            size_t at = count;
            while (at > 0 && goes_before(&place, &places[at - 1], choice, now_us)) at--;
            if (at == most) continue;
            if (count < most) count++;
            memmove(&places[at + 1], &places[at], (count - at - 1) * sizeof *places);
            places[at] = place;
        }
    return count;
}
