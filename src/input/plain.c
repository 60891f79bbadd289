/* SPDX-License-Identifier: Apache-2.0
 *
 * plain: not compressed.
 */
#include "input/room.h"

static bool
plain_recognise(struct str head)
{
	(void)head;
	return true;
}

static struct layer *
plain_open(struct layer *below)
{
	return below;
}

const struct codec codec_plain = {
	.name = "plain",
	.recognise = plain_recognise,
	.open = plain_open,
	.seekable = true,
};
