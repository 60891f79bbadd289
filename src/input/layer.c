/* SPDX-License-Identifier: Apache-2.0
 *
 * layer: what all layers share, and the one that stops early.
 */
#include "base/mem.h"
#include "input/room.h"

ssize_t
layer_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	ssize_t n = layer->read(layer, to, room, err);

	if (n > 0)
		atomic_store_explicit(&layer->done, layer->done + (uint64_t)n,
		    memory_order_relaxed);
	return n;
}

void
layer_close(struct layer *layer)
{
	if (layer)
		layer->close(layer);
}

size_t
layer_fill(struct layer *layer, char *to, size_t room, bool *ret_failed)
{
	struct err ignored;
	size_t len = 0;

	while (len < room) {
		ssize_t n = layer_read(layer, to + len, room - len, &ignored);

		if (n <= 0) {
			*ret_failed = n < 0;
			break;
		}
		len += (size_t)n;
	}
	return len;
}

struct limit {
	struct layer layer;
	struct layer *below;
	uint64_t left;
};

static ssize_t
limit_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct limit *limit = (struct limit *)layer;
	ssize_t n;

	if (limit->left == 0)
		return 0;
	n = layer_read(limit->below, to, room < limit->left ? room : limit->left, err);
	if (n > 0)
		limit->left -= (uint64_t)n;
	return n;
}

static void
limit_close(struct layer *layer)
{
	layer_close(((struct limit *)layer)->below);
	free(layer);
}

struct layer *
layer_limit(struct layer *below, uint64_t max)
{
	struct limit *limit = xcalloc(1, sizeof(*limit));

	limit->layer = (struct layer){.read = limit_read, .close = limit_close};
	limit->below = below;
	limit->left = max;
	return &limit->layer;
}
