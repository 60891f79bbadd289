/* SPDX-License-Identifier: Apache-2.0
 *
 * cautions: what a guard does with, but may not do what was meant. For `config check`.
 */
#ifndef CMD_CAUTIONS_H
#define CMD_CAUTIONS_H

#include "engine/engine.h"

/*
 * Tells WARN what of SETTINGS and the RULES that were made of them is right, and yet may be
 * a surprise, with file and line.
 */
void cautions_tell(const struct settings *settings, const struct rules *rules,
    settings_fault *warn, void *context);

#endif
