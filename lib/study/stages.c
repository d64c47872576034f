/* SPDX-License-Identifier: ISC */
#include "study/stages.h"

struct sw_part sw_study_begin_part(const struct sw_study *study)
{
    return (struct sw_part){.offset = study->scratch.output.written};
}

bool sw_study_end_part(struct sw_study *study, struct sw_part *part, struct sw_error *error)
{
    part->length = study->scratch.output.written - part->offset;
    return sw_output_flush(&study->scratch.output, error);
}

struct sw_input sw_study_input(const struct sw_study *study, struct sw_part part, const char *name)
{
    struct sw_input input;
    sw_scratch_input(&study->scratch, part, &input);
    input.name = name;
    return input;
}

bool sw_study_open_part(const struct sw_study *study, struct sw_part part, const char *name,
                        struct sw_reader *reader, struct sw_error *error)
{
    const struct sw_input input = sw_study_input(study, part, name);
    return sw_reader_open_input(reader, &input, error);
}

bool sw_study_has_files(const struct sw_study *study)
{
    return study->settings->format.kind != SW_STUDY_NOTHING;
}
