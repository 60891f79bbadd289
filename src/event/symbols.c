/* SPDX-License-Identifier: Apache-2.0
 *
 * symbols: the dictionaries in which a thread numbers the texts of its events,
 * and what is derived from a number once instead of for every event: the
 * canonical form of an address, the domain of a mail address, the network of a
 * client. Dictionaries of two threads differ; merging is query's business.
 */
#include "event/event.h"

static const char *const event_words[] = {
#define W(name) #name,
	EVENT_WORDS(W)
#undef W
};

/*
 * Words that nearly every log holds. Being first they have the same number in
 * every thread; nothing depends on more than that, so the list may grow.
 */
static const char *const preset_words[] = {
	/* status */
	"sent", "deferred", "bounced", "expired", "undeliverable", "deliverable",
	/* action */
	"reject", "reject_warning", "hold", "discard", "warn", "info", "permit", "redirect",
	"filter", "prepend", "replace", "strip", "bcc", "delay", "trigger", "milter-reject",
	"milter-hold", "milter-discard", "quarantine", "tempfail", "accept",
	/* stage */
	"CONNECT", "HELO", "EHLO", "MAIL", "RCPT", "DATA", "END-OF-MESSAGE", "BDAT", "AUTH",
	"STARTTLS", "RSET", "NOOP", "QUIT", "VRFY", "ETRN", "UNKNOWN",
	/* proto */
	"SMTP", "ESMTP", "ESMTPS", "ESMTPA", "ESMTPSA", "LMTP", "IMAP", "POP3", "imap", "pop3",
	/* tls */
	"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "TLS_AES_256_GCM_SHA384",
	"TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256",
	"ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256",
	/* dsn */
	"2.0.0", "2.1.5", "2.6.0", "4.0.0", "4.1.1", "4.2.0", "4.2.2", "4.3.0", "4.3.2",
	"4.4.1", "4.4.2", "4.4.3", "4.5.0", "4.7.0", "4.7.1", "5.0.0", "5.1.0", "5.1.1",
	"5.1.2", "5.1.8", "5.2.1", "5.2.2", "5.3.4", "5.4.4", "5.4.6", "5.5.1", "5.5.2",
	"5.7.0", "5.7.1", "5.7.26",
};

/* The absent value's record has the empty text, which is found under another number. */
static void
add_absent(struct dict *dict)
{
	dict_add(dict, STR(""), 0);
	dict_hide(dict);
}

/* VALUE for NUMBER is from now on in REGION; returns it. */
static uint32_t
keep(struct region *region, uint32_t number, uint32_t value)
{
	region_reserve(region, ((size_t)number + 1) * sizeof(uint32_t));
	((uint32_t *)(void *)region->p)[number] = value + 1;
	return value;
}

void
symbols_init(struct symbols *symbols)
{
	*symbols = (struct symbols){.domain_of = {.p = NULL}};
	region_reserve(&symbols->recent,
	    sizeof(struct symbols_recent) << SYMBOLS_RECENT_BITS);
	for (unsigned d = 0; d < DOMAINS; d++)
		add_absent(&symbols->dict[d]);
	keep(&symbols->domain_of, SYMBOL_ABSENT, SYMBOL_ABSENT);
	keep(&symbols->net_of, SYMBOL_ABSENT, SYMBOL_ABSENT);
	for (size_t i = 1; i < WORDS; i++)
		dict_get(&symbols->dict[DOMAIN_WORD], str_of(event_words[i]));
	for (size_t i = 0; i < sizeof(preset_words) / sizeof(*preset_words); i++)
		dict_get(&symbols->dict[DOMAIN_WORD], str_of(preset_words[i]));
}

void
symbols_free(struct symbols *symbols)
{
	for (unsigned d = 0; d < DOMAINS; d++)
		dict_free(&symbols->dict[d]);
	region_free(&symbols->domain_of);
	region_free(&symbols->net_of);
	region_free(&symbols->recent);
}

/* Adds TEXT, an address with a colon, which may be another's in another form. */
static __attribute__((noinline)) uint32_t
add_form(struct dict *dict, struct str text, uint32_t hash)
{
	char canonical[IP_TEXT_MAX];
	uint32_t number, alias;
	struct str form;
	struct ip ip;

	if (ip_is_formatted(text) || !ip_parse(text, &ip))
		return dict_add(dict, text, hash);
	ip_format(&ip, canonical);
	form = str_of(canonical);
	if (str_eq(form, text))
		return dict_add(dict, text, hash);
	alias = dict_get(dict, form);
	number = dict_add(dict, text, hash);
	dict_record(dict, number)->number = alias;
	return alias;
}

uint32_t
symbols_get_hashed(struct symbols *symbols, enum domain domain, struct str text, uint32_t hash)
{
	struct dict *dict = &symbols->dict[domain];
	const struct dict_record *record = dict_look(dict, text, hash);

	if (record)
		return record->number;
	/* IPv4 has one spelling: what has no colon is canonical, or no address. */
	if (domain == DOMAIN_IP && str_index(text, ':') < text.len)
		return add_form(dict, text, hash);
	return dict_add(dict, text, hash);
}

uint32_t
symbols_get(struct symbols *symbols, enum domain domain, struct str text)
{
	return symbols_get_hashed(symbols, domain, text, dict_hash(text));
}

struct str
symbols_text(const struct symbols *symbols, enum domain domain, uint32_t number)
{
	return dict_text(&symbols->dict[domain], number);
}

/* NAME in lower case, to be freed. */
static char *
lower_of(struct str name)
{
	char *lower = xstrndup(name.p, name.len);

	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)(lower[i] - 'A') < 26)
			lower[i] = (char)(lower[i] | 0x20);
	return lower;
}

/* NAME's number in lower case. */
static uint32_t
get_lower(struct symbols *symbols, struct str name)
{
	char *lower = lower_of(name);
	uint32_t number = symbols_get(symbols, DOMAIN_NAME, (struct str){lower, name.len});

	free(lower);
	return number;
}

/* A bit in each byte at P, of eight, that is a capital letter. */
static inline uint64_t
capitals_at(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t word, low;

	memcpy(&word, p, sizeof(word));
	low = word & ~high; /* so that no sum of a byte reaches the next one */
	return ((low + (0x80 - 'A') * ones) ^ (low + (0x7f - 'Z') * ones)) & ~word & high;
}

static bool
has_capital(struct str text)
{
	uint64_t found = 0;

	if (text.len >= 8) {
		for (size_t i = 0; i + 8 < text.len; i += 8)
			found |= capitals_at(text.p + i);
		return (found | capitals_at(text.p + text.len - 8)) != 0;
	}
	for (size_t i = 0; i < text.len; i++)
		found |= (unsigned char)(text.p[i] - 'A') < 26;
	return found != 0;
}

/* The domain in ADDRESS; "a@" and "a" have none. */
static struct str
domain_in(struct str address)
{
	const char *sign = address.len ? memrchr(address.p, '@', address.len) : NULL;

	return sign ? str_range(sign + 1, address.p + address.len) : STR("");
}

/* So many texts are looked up together. */
#define TOGETHER 32u

struct lookup {
	struct str text;
	uint32_t hash, likely;
};

/* Hashes the texts of LOOKUPS[0..N); what DICT has of them is then on its way. */
static void
begin_lookups(const struct dict *dict, struct lookup *lookups, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		lookups[i].hash = dict_hash(lookups[i].text);
		dict_prefetch(dict, lookups[i].hash);
	}
	for (size_t i = 0; i < n; i++)
		lookups[i].likely = dict_likely(dict, lookups[i].hash);
}

/* The number of what begin_lookups() began to look up in DOMAIN. */
static uint32_t
end_lookup(struct symbols *symbols, enum domain domain, const struct lookup *lookup)
{
	const struct dict_record *record =
	    dict_record_at(&symbols->dict[domain], lookup->likely);

	return dict_is(record, lookup->text) ? record->number :
	    symbols_get_hashed(symbols, domain, lookup->text, lookup->hash);
}

/* The same of a mail address' domain, as written. */
static uint32_t
end_domain(struct symbols *symbols, const struct lookup *domain)
{
	if (domain->text.len == 0)
		return SYMBOL_ABSENT;
	/* Mail domains compare without case (RFC 5321 2.4). */
	return has_capital(domain->text) ? get_lower(symbols, domain->text)
					 : end_lookup(symbols, DOMAIN_NAME, domain);
}

uint32_t
symbols_find_domain(struct symbols *symbols, uint32_t address)
{
	struct lookup domain = {
	    .text = domain_in(symbols_text(symbols, DOMAIN_ADDRESS, address))};

	begin_lookups(&symbols->dict[DOMAIN_NAME], &domain, 1);
	return keep(&symbols->domain_of, address, end_domain(symbols, &domain));
}

/* symbols_find_domain() of RET[AT[0..N)], N <= TOGETHER, in place. */
static void
find_domains(struct symbols *symbols, const uint16_t *at, size_t n, uint32_t *ret)
{
	struct lookup domain[TOGETHER];

	for (size_t i = 0; i < n; i++)
		domain[i].text = domain_in(symbols_text(symbols, DOMAIN_ADDRESS, ret[at[i]]));
	begin_lookups(&symbols->dict[DOMAIN_NAME], domain, n);
	for (size_t i = 0; i < n; i++)
		ret[at[i]] = keep(&symbols->domain_of, ret[at[i]],
		    end_domain(symbols, &domain[i]));
}

/* The network of IP; its text is in OUT, and empty if it has none. */
static struct str
net_of(const struct symbols *symbols, uint32_t ip, char out[CIDR_TEXT_MAX])
{
	return (struct str){out, ip_net_text(symbols_text(symbols, DOMAIN_IP, ip), out)};
}

static uint32_t
end_net(struct symbols *symbols, const struct lookup *net)
{
	return net->text.len ? end_lookup(symbols, DOMAIN_NET, net) : SYMBOL_ABSENT;
}

/* The same for symbols_find_net(). */
static void
find_nets(struct symbols *symbols, const uint16_t *at, size_t n, uint32_t *ret)
{
	const struct dict *ips = &symbols->dict[DOMAIN_IP];
	struct lookup net[TOGETHER];
	char text[TOGETHER][CIDR_TEXT_MAX];

	/* They may be new here only, and far away. */
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(dict_place(ips, ret[at[i]]));
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(dict_record(ips, ret[at[i]]));
	for (size_t i = 0; i < n; i++)
		net[i].text = net_of(symbols, ret[at[i]], text[i]);
	begin_lookups(&symbols->dict[DOMAIN_NET], net, n);
	for (size_t i = 0; i < n; i++)
		ret[at[i]] = keep(&symbols->net_of, ret[at[i]],
		    end_net(symbols, &net[i]));
}

typedef void finder(struct symbols *, const uint16_t *, size_t, uint32_t *);

/*
 * What MEMO keeps for NUMBERS, which are below COUNT, and FIND finds where it does not:
 * without a branch on which it is, so that all are waited for together.
 */
static inline void
derive_all(struct symbols *symbols, struct region *memo, uint32_t count, finder *find,
    const uint32_t *numbers, const uint8_t *flags, size_t n, uint32_t *ret)
{
	uint16_t at[TOGETHER];
	size_t todo = 0;

	region_reserve(memo, (size_t)count * sizeof(uint32_t));
	for (size_t i = 0; i < n; i++) {
		uint32_t number = flags[i] ? numbers[i] : SYMBOL_ABSENT;
		uint32_t known = ((const uint32_t *)(const void *)memo->p)[number];

		ret[i] = known ? known - 1 : number;
		at[todo] = (uint16_t)i;
		todo += known == 0;
		if (todo == TOGETHER) {
			find(symbols, at, todo, ret);
			todo = 0;
		}
	}
	if (todo)
		find(symbols, at, todo, ret);
}

void
symbols_domains_of(struct symbols *symbols, const uint32_t *addresses, const uint8_t *flags,
    size_t n, uint32_t *ret)
{
	derive_all(symbols, &symbols->domain_of, symbols->dict[DOMAIN_ADDRESS].count,
	    find_domains, addresses, flags, n, ret);
}

void
symbols_nets_of(struct symbols *symbols, const uint32_t *ips, const uint8_t *flags, size_t n,
    uint32_t *ret)
{
	derive_all(symbols, &symbols->net_of, symbols->dict[DOMAIN_IP].count, find_nets, ips,
	    flags, n, ret);
}

uint32_t
symbols_find_net(struct symbols *symbols, uint32_t ip)
{
	char text[CIDR_TEXT_MAX];
	struct lookup net = {.text = net_of(symbols, ip, text)};

	begin_lookups(&symbols->dict[DOMAIN_NET], &net, 1);
	return keep(&symbols->net_of, ip, end_net(symbols, &net));
}

/* The number of TEXT, which may be empty, if DOMAIN has one. */
static uint32_t
number_given(const struct symbols *symbols, enum domain domain, struct str text)
{
	return text.len ? dict_find(&symbols->dict[domain], text, dict_hash(text))
			: SYMBOL_ABSENT;
}

uint32_t
symbols_given_domain(const struct symbols *symbols, uint32_t address)
{
	uint32_t known = symbols_memo(&symbols->domain_of, address), number;
	struct str domain;
	char *lower;

	if (known)
		return known - 1;
	domain = domain_in(symbols_text(symbols, DOMAIN_ADDRESS, address));
	lower = lower_of(domain);
	number = number_given(symbols, DOMAIN_NAME, (struct str){lower, domain.len});
	free(lower);
	return number;
}

uint32_t
symbols_given_net(const struct symbols *symbols, uint32_t ip)
{
	uint32_t known = symbols_memo(&symbols->net_of, ip);
	char text[CIDR_TEXT_MAX];

	if (known)
		return known - 1;
	return number_given(symbols, DOMAIN_NET, net_of(symbols, ip, text));
}
