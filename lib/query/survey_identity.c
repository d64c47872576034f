/* SPDX-License-Identifier: ISC */
#include "query/survey_identity.h"

#include <inttypes.h>
#include <stdio.h>

static void add_selectors(struct sw_identity *identity, const struct sw_selectors *selectors)
{
    sw_identity_text(identity, "securities", selectors->securities);
    sw_identity_text(identity, "dates", selectors->dates);
    sw_identity_text(identity, "participants", selectors->participants);
    sw_identity_text(identity, "hours", selectors->hours);
    sw_identity_text(identity, "times", selectors->times);
    sw_identity_text(identity, "quantities", selectors->quantities);
    sw_identity_text(identity, "expression", selectors->expression);
}

static void add_settings(struct sw_identity *identity, const struct sw_survey_identity *of,
                         const struct sw_survey_settings *settings)
{
    char size[32];
    snprintf(size, sizeof size, "%" PRIu64, of->chunk_size_bytes);
    sw_identity_text(identity, "version", of->version);
    sw_identity_text(identity, "key", of->key);
    sw_identity_text(identity, "schema", of->schema);
    sw_identity_text(identity, "columns", settings->columns);
    sw_identity_text(identity, "tz", settings->view.zone);
    sw_identity_text(identity, "sizes", settings->view.sizes);
    sw_identity_text(identity, "chunk-size", size);
    sw_identity_text(identity, "exact", of->exact ? "yes" : NULL);
    add_selectors(identity, &settings->selectors);
}

bool sw_survey_identify(const struct sw_survey_identity *of,
                        const struct sw_survey_settings *settings, const char *path,
                        char text[SW_IDENTITY_LENGTH + 1], struct sw_error *error)
{
    struct sw_identity identity;
    sw_identity_begin(&identity);
    add_settings(&identity, of, settings);
    /* A schema of the user's own may be another under the same name. */
    if ((sw_layouts_choice_is_file(of->schema) &&
         !sw_identity_contents(&identity, of->schema, error)) ||
        !sw_identity_file(&identity, path, of->verify_inputs, error))
        return false;
    sw_identity_end(&identity, text);
    return true;
}
