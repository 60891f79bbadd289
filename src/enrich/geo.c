/* SPDX-License-Identifier: Apache-2.0
 *
 * geo: a list of open databases asked as one. What an earlier one does not know is
 * taken from the later ones; a city only where they agree on the country.
 */
#include "enrich/room.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct geo_kind *const kinds[] = {
#define ROW(id) &geo_kind_##id,
	GEO_KINDS(ROW)
#undef ROW
	NULL};

struct geo {
	struct geo_database *databases;
	size_t count;
	struct geo_source *sources; /* of all of them */
	size_t source_count;
	bool asn4, asn6;
	/* By the letters of the country's code; `north` 0: no such country. */
	struct country_square squares[26][26];
};

struct geo_source *
geo_source_add(struct geo_database *database, const char *path)
{
	struct geo_source *source;

	if (database->source_count == GEO_FILE_SOURCES)
		return NULL;
	source = &database->sources[database->source_count++];
	*source = (struct geo_source){.name = "", .licence = "",
	    .path = arena_cstr(&database->arena, str_of(path)),
	    .kind = database->kind->name};
	return source;
}

void
place_set_country(struct place *place, struct str code)
{
	static const char *const nowhere[] = {"ZZ", "XX", "AP", "EU"};
	char a, b;

	if (code.len != 2)
		return;
	a = (char)(code.p[0] & ~0x20);
	b = (char)(code.p[1] & ~0x20);
	if (a < 'A' || a > 'Z' || b < 'A' || b > 'Z')
		return;
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(*nowhere); i++)
		if (nowhere[i][0] == a && nowhere[i][1] == b)
			return;
	place->country[0] = a;
	place->country[1] = b;
	place->country[2] = '\0';
}

void
place_set_position(struct place *place, double north, double east)
{
	/* What is no number is not within them. */
	if (!(north >= -90 && north <= 90 && east >= -180 && east <= 180))
		return;
	place->latitude = north;
	place->longitude = east;
	place->has_position = true;
}

/* Up to ROOM bytes of FD from OFFSET on, into TO. */
static int
read_part(int fd, char *to, size_t room, uint64_t offset, struct str *ret)
{
	size_t have = 0;

	while (have < room) {
		ssize_t n = pread(fd, to + have, room - have, (off_t)(offset + have));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		have += (size_t)n;
	}
	*ret = (struct str){to, have};
	return 0;
}

/* Fills in FILE; its head and tail are in BUFFER. */
static int
probe(const char *path, struct geo_file *file, char *buffer, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int failed;

	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	failed = fstat(fd, &st);
	if (failed == 0 && !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(err, "%s: not a file", path);
	}
	if (failed == 0) {
		uint64_t bytes = (uint64_t)st.st_size;
		uint64_t at = bytes > GEO_TAIL_BYTES ? bytes - GEO_TAIL_BYTES : 0;

		file->path = path;
		file->bytes = bytes;
		failed = read_part(fd, buffer, GEO_HEAD_BYTES, 0, &file->head) ||
		    read_part(fd, buffer + GEO_HEAD_BYTES, GEO_TAIL_BYTES, at, &file->tail);
	}
	if (failed)
		err_set(err, "%s: %s", path, strerror(errno));
	close(fd);
	return failed ? -1 : 0;
}

static int
open_as(struct geo_database *database, const struct geo_file *file, struct err *err)
{
	for (size_t i = 0; kinds[i]; i++) {
		const struct geo_kind *kind = kinds[i];

		if (!kind->is(file))
			continue;
		if (kind->open == NULL)
			return err_set(err, "%s: a %s file, which this build cannot read: %s",
			    file->path, kind->name, kind->without);
		database->kind = kind;
		if (kind->open(database, file, err) < 0)
			return err_wrap(err, "%s", file->path);
		return 0;
	}
	if (file->bytes == 0)
		return err_set(err, "%s: empty", file->path);
	return err_set(err, "%s: no database of addresses: neither of postern geo build, nor "
	    "MaxMind DB (or cut short), nor GeoIP legacy", file->path);
}

int
geo_database_open(struct geo_database *database, const char *path, struct err *err)
{
	char *buffer = xmalloc(GEO_HEAD_BYTES + GEO_TAIL_BYTES);
	struct geo_file file = {.path = path};
	int failed;

	*database = (struct geo_database){.kind = NULL};
	failed = probe(path, &file, buffer, err) < 0 || open_as(database, &file, err) < 0;
	free(buffer);
	if (failed)
		arena_free(&database->arena);
	return failed ? -1 : 0;
}

void
geo_database_close(struct geo_database *database)
{
	database->kind->close(database->data);
	arena_free(&database->arena);
}

int
geo_database_verify(struct geo_database *database, struct err *err)
{
	return database->kind->verify ? database->kind->verify(database->data, err) : 0;
}

/* Takes DATABASE into GEO's lists. */
static void
add_database(struct geo *geo, const struct geo_database *database)
{
	geo->databases[geo->count++] = *database;
	geo->asn4 |= database->asn4;
	geo->asn6 |= database->asn6;
	geo->sources = xrealloc(geo->sources, geo->source_count + database->source_count + 1,
	    sizeof(*geo->sources));
	for (size_t i = 0; i < database->source_count; i++)
		geo->sources[geo->source_count++] = database->sources[i];
}

static void
fill_squares(struct geo *geo)
{
	for (int a = 0; a < 26; a++)
		for (int b = 0; b < 26; b++) {
			char code[3] = {(char)('A' + a), (char)('A' + b), '\0'};

			country_square(code, &geo->squares[a][b]);
		}
}

struct geo *
geo_open(const char *const *paths, size_t npaths, struct err *err)
{
	struct geo *geo = xcalloc(1, sizeof(*geo));

	geo->databases = xcalloc(npaths + 1, sizeof(*geo->databases));
	fill_squares(geo);
	for (size_t i = 0; i < npaths; i++) {
		struct geo_database database;

		if (geo_database_open(&database, paths[i], err) < 0) {
			geo_free(geo);
			return NULL;
		}
		add_database(geo, &database);
	}
	return geo;
}

void
geo_free(struct geo *geo)
{
	if (geo == NULL)
		return;
	for (size_t i = 0; i < geo->count; i++)
		geo_database_close(&geo->databases[i]);
	free(geo->databases);
	free(geo->sources);
	free(geo);
}

size_t
geo_sources(const struct geo *geo, const struct geo_source **ret)
{
	*ret = geo->sources;
	return geo->source_count;
}

/* Puts into PLACE what FOUND knows beyond it. */
static void
fill(struct place *place, const struct place *found)
{
	if (*place->country == '\0')
		memcpy(place->country, found->country, sizeof(place->country));
	if (place->asn == 0) {
		place->asn = found->asn;
		place->aso = found->aso;
	}
	if (strcmp(place->country, found->country) != 0)
		return;
	if (place->city.len == 0 && !place->has_position) {
		place->city = found->city;
		place->region = found->region;
		place->has_position = found->has_position;
		place->latitude = found->latitude;
		place->longitude = found->longitude;
	}
}

static void
put_spot(const struct geo *geo, const struct ip *ip, struct place *place)
{
	const struct country_square *square =
	    &geo->squares[place->country[0] - 'A'][place->country[1] - 'A'];

	if (square->north > 0) {
		country_square_spot(square, ip, &place->latitude, &place->longitude);
		place->has_position = place->position_of_country = true;
	}
}

bool
geo_find(const struct geo *geo, const struct ip *ip, struct place *ret_place)
{
	struct place place = {.space = place_space_of(ip)};
	bool known;

	for (size_t i = 0; i < geo->count; i++) {
		struct place found = {.asn = 0};

		geo->databases[i].kind->find(geo->databases[i].data, ip, &found);
		fill(&place, &found);
	}
	known = *place.country || place.asn || place.has_position;
	if (!known && place.space == SPACE_PUBLIC &&
	    (ip->family == 4 ? geo->asn4 : geo->asn6))
		place.space = SPACE_UNROUTED;
	if (!place.has_position && *place.country)
		put_spot(geo, ip, &place);
	*ret_place = place;
	return known;
}
