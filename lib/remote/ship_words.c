/* SPDX-License-Identifier: ISC
 * The programs that are called to ship a job, and the files that it gets (remote/ship.h). */
#include "base/memory.h"
#include "files/output.h"
#include "remote/paths.h"
#include "remote/ship.h"

bool sw_ship_call(struct sw_shipping *shipping, struct sw_call *command, struct sw_buffer *line)
{
    struct sw_error *error = shipping->error;
    struct sw_buffer path = {0};
    pid_t process;
    int status = 0;
    const char *said =
        line ? sw_put_path(&path, error, "%s/answer", shipping->attempt->at) : "/dev/null";
    bool good = said && sw_call_begin(command, NULL, said, NULL, &process, error);
    if (good) status = sw_call_wait(process);
    if (status) shipping->refused = status < SW_SYSTEM ? status : SW_SYSTEM;
    good = good && status == 0;
    if (good && line) {
        good = sw_read_bytes(said, line, error) && sw_buffer_add(line, "", 1, error);
        if (good) line->bytes[strcspn((char *)line->bytes, "\n")] = 0;
    }
    sw_call_free(command);
    sw_buffer_free(&path);
    return good;
}

bool sw_ship_list(struct sw_shipping *shipping, struct sw_call *command, const char *setting)
{
    struct sw_job_texts values;
    bool good = sw_job_setting_list(&shipping->settings, setting, &values, shipping->error);
    for (size_t i = 0; good && i < values.count; i++)
        good = sw_call_add(command, values.items[i], shipping->error);
    return good;
}

char *sw_ship_field(struct sw_shipping *shipping, size_t number)
{
    size_t length;
    const char *field =
        sw_stage_field(shipping->attempt->jobs, shipping->attempt->job, number, &length);
    return sw_copy_text(field, length, shipping->error);
}

bool sw_ship_write(struct sw_shipping *shipping, const char *name, const struct sw_buffer *text)
{
    const char *to =
        sw_put_path(&shipping->to, shipping->error, "%s/%s", shipping->attempt->at, name);
    return to && sw_output_file(to, text->bytes, text->length, shipping->error);
}
