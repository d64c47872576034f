/* SPDX-License-Identifier: ISC
 * The values of one key of a configuration (config/configuration.h). */
#include "base/memory.h"
#include "config/configuration.h"

bool sw_setting_add(struct sw_configuration *configuration, enum sw_key key, const char *value,
                    size_t length, struct sw_error *error)
{
    struct sw_setting *setting = &configuration->settings[key];
    if (!sw_grow(&setting->values, &setting->capacity, setting->count + 1, sizeof *setting->values,
                 error))
        return false;
    char *copy = sw_copy_text(value, length, error);
    if (!copy) return false;
    setting->values[setting->count++] = copy;
    return true;
}
