/* SPDX-License-Identifier: Apache-2.0
 *
 * packed: reads what `postern geo build` wrote. The file is mapped, only its head is
 * looked at on opening. It is replaced by renaming, never written to in place.
 */
#include "enrich/packed.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/civil.h"

static uint32_t
crc_of(const char *bytes, uint64_t size)
{
	uLong crc = crc32(0, NULL, 0);

	while (size) {
		uInt part = size < (1u << 30) ? (uInt)size : 1u << 30;

		crc = crc32(crc, (const Bytef *)bytes, part);
		bytes += part;
		size -= part;
	}
	return (uint32_t)crc;
}

/* The checksum of the head, in which its own field counts as 0. */
static uint32_t
head_crc(const char *bytes, uint32_t head_bytes)
{
	char *copy = xmalloc(head_bytes);
	uint32_t crc;

	memcpy(copy, bytes, head_bytes);
	memset(copy + offsetof(struct packed_head, head_crc), 0, sizeof(uint32_t));
	crc = crc_of(copy, head_bytes);
	free(copy);
	return crc;
}

/* Where the items of part ID are to be noted in PACKED; NULL: an unknown part. */
static const void **
part_place(struct packed *packed, uint32_t id, uint32_t *ret_width, uint64_t **ret_count)
{
	struct packed_layer *layer = &packed->layers[id / 8 % PACKED_LAYERS];

	*ret_width = sizeof(uint32_t);
	*ret_count = NULL;
	if (id == PACKED_AS_RECORDS) {
		*ret_width = sizeof(struct packed_as);
		*ret_count = &packed->as_count;
		return (const void **)&packed->as;
	}
	if (id == PACKED_AS_NAMES) {
		*ret_width = 1;
		*ret_count = &packed->names_bytes;
		return (const void **)&packed->names;
	}
	if (id / 8 >= PACKED_LAYERS)
		return NULL;
	switch (id % 8) {
	case PACKED_KEY4:
		*ret_count = &layer->count4;
		return (const void **)&layer->key4;
	case PACKED_VALUE4:
		*ret_count = &layer->value_count4;
		return (const void **)&layer->value4;
	case PACKED_INDEX4:
		return (const void **)&layer->index4;
	case PACKED_KEY6:
		*ret_width = sizeof(uint64_t);
		*ret_count = &layer->count6;
		return (const void **)&layer->key6;
	case PACKED_VALUE6:
		*ret_count = &layer->value_count6;
		return (const void **)&layer->value6;
	case PACKED_FINE6:
		*ret_width = sizeof(struct packed_fine);
		*ret_count = &layer->fine_count;
		return (const void **)&layer->fine;
	default:
		return NULL;
	}
}

static int
take_part(struct packed *packed, const struct packed_part *part, uint32_t head_bytes,
    struct err *err)
{
	uint64_t offset = le64toh(part->offset), count = le64toh(part->count), *ret_count;
	uint32_t id = le32toh(part->id), width;
	const void **place = part_place(packed, id, &width, &ret_count);

	if (place == NULL)
		return 0; /* of a later version that added something */
	if (*place || le32toh(part->width) != width)
		return err_set(err, "damaged: part %u is there twice, or of another form", id);
	if (offset % 8 || offset < head_bytes || offset > packed->size ||
	    count > (packed->size - offset) / width)
		return err_set(err, "damaged: part %u lies outside the file", id);
	if (id / 8 < PACKED_LAYERS && id % 8 == PACKED_INDEX4 && count != PACKED_INDEX_SIZE)
		return err_set(err, "damaged: part %u has %llu items, not %u", id,
		    (unsigned long long)count, PACKED_INDEX_SIZE);
	if (ret_count)
		*ret_count = count;
	*place = packed->bytes + offset;
	return 0;
}

/* Parts come in any order, so that only now can be said whether each key has a value. */
static int
check_counts(const struct packed *packed, struct err *err)
{
	for (unsigned i = 0; i < PACKED_LAYERS; i++) {
		const struct packed_layer *layer = &packed->layers[i];

		if (layer->count4 != layer->value_count4 ||
		    layer->count6 != layer->value_count6)
			return err_set(err, "damaged: other numbers of keys and values");
	}
	return 0;
}

static int
take_parts(struct packed *packed, const struct packed_head *head, struct err *err)
{
	uint32_t head_bytes = le32toh(head->head_bytes), count = le32toh(head->part_count);
	const struct packed_part *parts =
	    (const struct packed_part *)(const void *)(packed->bytes + sizeof(*head));

	if (count > (head_bytes - sizeof(*head)) / sizeof(*parts))
		return err_set(err, "damaged: the list of parts is cut short");
	for (uint32_t i = 0; i < count; i++)
		if (take_part(packed, &parts[i], head_bytes, err) < 0)
			return -1;
	return check_counts(packed, err);
}

int
packed_view(struct packed *ret, const char *bytes, uint64_t size, struct err *err)
{
	const struct packed_head *head = (const void *)bytes;
	struct packed packed = {.bytes = bytes, .size = size};
	uint32_t head_bytes;

	if (size < sizeof(*head) || memcmp(head->magic, PACKED_MAGIC, 8) != 0)
		return err_set(err, "not a file of postern geo build");
	if (le32toh(head->version) != PACKED_VERSION)
		return err_set(err, "of version %u, and this program reads version %u; "
		    "build it again", le32toh(head->version), PACKED_VERSION);
	if (le64toh(head->file_bytes) != size)
		return err_set(err, "cut short or grown: it has %llu bytes and says %llu",
		    (unsigned long long)size, (unsigned long long)le64toh(head->file_bytes));
	head_bytes = le32toh(head->head_bytes);
	if (head_bytes < sizeof(*head) || head_bytes > size || head_bytes > PACKED_HEAD_MAX)
		return err_set(err, "damaged: a head of %u bytes", head_bytes);
	if (head_crc(bytes, head_bytes) != le32toh(head->head_crc))
		return err_set(err, "damaged: the checksum of its head is wrong");
	if (take_parts(&packed, head, err) < 0)
		return -1;
	*ret = packed;
	return 0;
}

int
packed_verify(const struct packed *packed, struct err *err)
{
	const struct packed_head *head = (const void *)packed->bytes;
	uint32_t head_bytes = le32toh(head->head_bytes);

	if (crc_of(packed->bytes + head_bytes, packed->size - head_bytes) !=
	    le32toh(head->body_crc))
		return err_set(err, "damaged: its checksum is wrong");
	return 0;
}

/* Takes one source from the front of *REST; false: there is none whole. */
static bool
take_source(struct str *rest, struct geo_database *database, const char *path)
{
	size_t name, licence, file;
	struct packed_source record;
	struct geo_source *source;
	uint64_t date;

	if (rest->len < sizeof(record))
		return false;
	memcpy(&record, rest->p, sizeof(record));
	*rest = str_from(*rest, sizeof(record));
	name = le16toh(record.name_len);
	licence = le16toh(record.licence_len);
	file = le16toh(record.file_len);
	if (name + licence + file > rest->len ||
	    (source = geo_source_add(database, path)) == NULL)
		return false;
	source->name = arena_cstr(&database->arena, str_head(*rest, name));
	source->licence = arena_cstr(&database->arena,
	    str_head(str_from(*rest, name), licence));
	*rest = str_from(*rest, name + licence + file);
	source->has_country = le16toh(record.what) >> PACKED_COUNTRY & 1;
	source->has_asn = le16toh(record.what) >> PACKED_ASN & 1;
	date = le64toh(record.date);
	if (date < INT64_MAX / (uint64_t)USEC_PER_SEC)
		source->built = (int64_t)date * USEC_PER_SEC;
	return true;
}

void
packed_sources(const struct packed *packed, struct geo_database *database, const char *path)
{
	const struct packed_head *head = (const void *)packed->bytes;
	uint64_t at = sizeof(*head) + le32toh(head->part_count) * sizeof(struct packed_part);
	struct str rest = {packed->bytes + at, le32toh(head->head_bytes) - at};

	for (uint32_t i = 0; i < le32toh(head->source_count); i++)
		if (!take_source(&rest, database, path))
			return;
}

static bool
packed_is(const struct geo_file *file)
{
	return str_starts(file->head, (struct str){PACKED_MAGIC, 8});
}

/* What an open file of this kind is to its database. */
struct mapping {
	struct packed packed;
	void *bytes;
};

static int
packed_open(struct geo_database *database, const struct geo_file *file, struct err *err)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC);
	struct mapping *mapping = arena_alloc(&database->arena, sizeof(*mapping));
	struct packed *packed = &mapping->packed;
	void *bytes;

	if (fd < 0)
		return err_set(err, "%s", strerror(errno));
	bytes = mmap(NULL, file->bytes, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED)
		return err_set(err, "%s", strerror(errno));
	if (packed_view(packed, bytes, file->bytes, err) < 0) {
		munmap(bytes, file->bytes);
		return -1;
	}
	packed_sources(packed, database, file->path);
	mapping->bytes = bytes;
	database->data = mapping;
	database->asn4 = packed->layers[PACKED_ASN].count4 > 0;
	database->asn6 = packed->layers[PACKED_ASN].count6 > 0;
	return 0;
}

static void
find(void *data, const struct ip *ip, struct place *ret)
{
	const struct mapping *mapping = data;

	packed_find(&mapping->packed, ip, ret);
}

static int
verify(void *data, struct err *err)
{
	const struct mapping *mapping = data;

	return packed_verify(&mapping->packed, err);
}

static void
packed_close(void *data)
{
	struct mapping *mapping = data;

	munmap(mapping->bytes, mapping->packed.size);
}

const struct geo_kind geo_kind_packed = {
	.name = "postern",
	.is = packed_is,
	.open = packed_open,
	.find = find,
	.verify = verify,
	.close = packed_close,
};
