/* SPDX-License-Identifier: Apache-2.0
 *
 * text: lines as they are; what most logs are.
 */
#include "input/room.h"

static bool
text_recognise(struct str head)
{
	(void)head;
	return true;
}

const struct decoder decoder_text = {.name = "text", .recognise = text_recognise};
