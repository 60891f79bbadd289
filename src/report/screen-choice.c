/* SPDX-License-Identifier: Apache-2.0
 *
 * screen-choice: the action filter of Postscreen-Stats, which chooses clients by
 * what they did, and more than the original had:
 *
 *   expr = conj *( "|" conj )          also "or"
 *   conj = term *( "&" term )          also "and"
 *   term = "!" term / "(" expr ")" / NAME [ ">=" N ]     also "not"
 *
 * Upper and lower case are alike, so are spaces and underscores. A name is an
 * action's old or new one, or stands for several: NOQUEUE for all refusals.
 */
#include "base/nearest.h"
#include "report/screen.h"

#define BIT(id) (UINT64_C(1) << SCREEN_##id)

#define ALL_REJECTS                                                                         \
	(BIT(deferred) | BIT(reject_denylist) | BIT(reject_dnsbl) | BIT(reject_protocol) |  \
	 BIT(reject_other) | BIT(screening_busy) | BIT(server_busy) | BIT(too_many))
#define REJECTS_550                                                                         \
	(BIT(reject_denylist) | BIT(reject_dnsbl) | BIT(reject_protocol))

static const struct name {
	const char *name;
	uint64_t actions;
	bool listed; /* in the message about a wrong name */
} names[] = {
	{"CONNECT", BIT(connect), true},
	{"PASS", BIT(pass_new) | BIT(pass_old), true},
	{"PASS NEW", BIT(pass_new), true},
	{"PASS OLD", BIT(pass_old), true},
	{"DNSBL", BIT(dnsbl), true},
	{"DNSBL RANK", BIT(dnsbl), false},
	{"PREGREET", BIT(pregreet), true},
	{"HANGUP", BIT(hangup), true},
	{"ALLOWLISTED", BIT(allowlisted), true},
	{"WHITELISTED", BIT(allowlisted), false},
	{"DENYLISTED", BIT(denylisted), true},
	{"BLACKLISTED", BIT(denylisted), false},
	{"ALLOWLIST VETO", BIT(veto), true},
	{"WHITELIST VETO", BIT(veto), false},
	{"BARE NEWLINE", BIT(bare_newline), true},
	{"NON-SMTP COMMAND", BIT(non_smtp), true},
	{"COMMAND PIPELINING", BIT(pipelining), true},
	{"COMMAND TIME LIMIT", BIT(time_limit), true},
	{"COMMAND COUNT LIMIT", BIT(count_limit), true},
	{"COMMAND LENGTH LIMIT", BIT(length_limit), true},
	{"NO VALID RCPT", BIT(no_rcpt), true},
	{"NOQUEUE", ALL_REJECTS, true},
	{"NOQUEUE 450", BIT(deferred), true},
	{"NOQUEUE 450 DEEP PROTOCOL TEST RECONNECTION", BIT(deferred), false},
	{"NOQUEUE 550", REJECTS_550, true},
	{"NOQUEUE 550 DNSBL", BIT(reject_dnsbl), false},
	{"NOQUEUE 550 DENY LIST", BIT(reject_denylist), false},
	{"NOQUEUE 550 PROTOCOL ERROR", BIT(reject_protocol), false},
	{"NOQUEUE TOO MANY CONNECTIONS", BIT(too_many), true},
	{"NOQUEUE ALL SERVER PORTS BUSY", BIT(server_busy), true},
	{"NOQUEUE ALL SCREENING PORTS BUSY", BIT(screening_busy), true},
	{"NOQUEUE OTHER", BIT(reject_other), false},
	{"DISCONNECT", BIT(disconnect), true},
};

#define NAMES (sizeof(names) / sizeof(*names))
#define NODES_MAX 256
#define DEPTH_MAX 32

enum node_type { NODE_NAME, NODE_NOT, NODE_AND, NODE_OR };

struct node {
	enum node_type type;
	uint64_t actions; /* NAME: sum of their counts */
	int64_t least;    /* must be that */
	const struct node *left, *right;
};

struct screen_choice {
	struct node nodes[NODES_MAX];
	unsigned count;
	const struct node *root;
};

struct parser {
	struct screen_choice *choice;
	struct str rest;
	unsigned depth;
	struct err *err;
};

static const struct node *parse_or(struct parser *parser);

static const struct node *
fail(struct parser *parser, const char *expected)
{
	struct str at = str_head(parser->rest, 20);

	err_set(parser->err, "expected %s %s%.*s%s", expected, at.len ? "at '" : "at the end",
	    STR_ARG(at), at.len ? "'" : "");
	return NULL;
}

static const struct node *
add(struct parser *parser, struct node node)
{
	struct screen_choice *choice = parser->choice;

	if (choice->count == NODES_MAX) {
		err_set(parser->err, "more than %d names and operators", NODES_MAX);
		return NULL;
	}
	choice->nodes[choice->count] = node;
	return &choice->nodes[choice->count++];
}

/* The length of the word that begins S: up to a space or an operator. */
static size_t
word_length(struct str s)
{
	static const struct str ends = STR(" \t_|&!()<>=");
	size_t n = 0;

	while (n < s.len && str_index(ends, s.p[n]) == ends.len)
		n++;
	return n;
}

/* Skips OPERATOR or its WORD. */
static bool
skip(struct parser *parser, char operator, struct str word)
{
	struct str rest = str_trim(parser->rest);
	size_t n = word_length(rest);

	if (rest.len && *rest.p == operator) {
		n = 1;
		if ((operator == '&' || operator == '|') && n < rest.len &&
		    rest.p[n] == operator)
			n++; /* && and || are common habits */
	} else if (n == 0 || !str_eq_nocase(str_head(rest, n), word)) {
		return false;
	}
	parser->rest = str_from(rest, n);
	return true;
}

static bool
is_operator_word(struct str word)
{
	return str_eq_nocase(word, STR("and")) || str_eq_nocase(word, STR("or")) ||
	    str_eq_nocase(word, STR("not"));
}

static const struct node *
unknown_name(struct parser *parser, struct str name)
{
	const char *all[NAMES], *near;
	struct buf list = BUF_INIT(sizeof(parser->err->text));

	for (size_t i = 0; i < NAMES; i++) {
		all[i] = names[i].name;
		if (names[i].listed)
			buf_printf(&list, "%s%s", i ? ", " : "", names[i].name);
	}
	near = nearest(name, all, NAMES);
	err_set(parser->err, "'%.*s' is no action of postscreen%s%s%s %.*s",
	    STR_ARG(str_head(name, 40)), near ? "; did you mean " : "", near ? near : "",
	    near ? "? Those are" : "; those are", STR_ARG(buf_view(&list)));
	buf_done(&list);
	return NULL;
}

/* Words up to an operator, one space between them, into NAME. */
static void
read_name(struct parser *parser, struct buf *name)
{
	for (;;) {
		struct str rest = parser->rest, word;

		while (str_skip_char(&rest, ' ') || str_skip_char(&rest, '\t') ||
		    str_skip_char(&rest, '_'))
			;
		word = str_head(rest, word_length(rest));
		if (word.len == 0 || is_operator_word(word))
			return;
		if (name->len)
			buf_char(name, ' ');
		buf_str(name, word);
		parser->rest = str_from(rest, word.len);
	}
}

static const struct node *
parse_name(struct parser *parser)
{
	struct node node = {.type = NODE_NAME, .least = 1};
	struct buf name = BUF_INIT(256);
	const struct node *made = NULL;

	read_name(parser, &name);
	for (size_t i = 0; i < NAMES; i++)
		if (str_eq_nocase(buf_view(&name), str_of(names[i].name)))
			node.actions = names[i].actions;
	parser->rest = str_trim(parser->rest);
	if (name.len == 0) {
		fail(parser, "an action");
	} else if (node.actions == 0) {
		unknown_name(parser, buf_view(&name));
	} else if (!str_skip(&parser->rest, STR(">="))) {
		made = add(parser, node);
	} else {
		parser->rest = str_trim(parser->rest);
		if (str_skip_number(&parser->rest, &node.least))
			made = add(parser, node);
		else
			fail(parser, "a number after >=");
	}
	buf_done(&name);
	return made;
}

static const struct node *
parse_term(struct parser *parser)
{
	const struct node *inner = NULL;

	if (++parser->depth > DEPTH_MAX) {
		err_set(parser->err, "more than %d parentheses and ! in each other",
		    DEPTH_MAX);
	} else if (skip(parser, '!', STR("not"))) {
		inner = parse_term(parser);
		inner = inner ?
		    add(parser, (struct node){.type = NODE_NOT, .left = inner}) : NULL;
	} else if (skip(parser, '(', STR("("))) {
		inner = parse_or(parser);
		if (inner && !skip(parser, ')', STR(")")))
			inner = fail(parser, ") or an operator");
	} else {
		inner = parse_name(parser);
	}
	parser->depth--;
	return inner;
}

static const struct node *
parse_and(struct parser *parser)
{
	const struct node *left = parse_term(parser), *right;

	while (left && skip(parser, '&', STR("and"))) {
		right = parse_term(parser);
		left = right ? add(parser, (struct node){.type = NODE_AND, .left = left,
		    .right = right}) : NULL;
	}
	return left;
}

static const struct node *
parse_or(struct parser *parser)
{
	const struct node *left = parse_and(parser), *right;

	while (left && skip(parser, '|', STR("or"))) {
		right = parse_and(parser);
		left = right ? add(parser, (struct node){.type = NODE_OR, .left = left,
		    .right = right}) : NULL;
	}
	return left;
}

int
screen_choice_parse(struct str text, struct screen_choice **ret, struct err *err)
{
	struct screen_choice *choice = xcalloc(1, sizeof(*choice));
	struct parser parser = {.choice = choice, .rest = text, .err = err};

	choice->root = parse_or(&parser);
	parser.rest = str_trim(parser.rest);
	if (choice->root && parser.rest.len)
		choice->root = fail(&parser, "an operator");
	if (choice->root == NULL) {
		screen_choice_free(choice);
		return -1;
	}
	*ret = choice;
	return 0;
}

void
screen_choice_free(struct screen_choice *choice)
{
	free(choice);
}

static bool
has(const struct node *node, const struct table *clients, size_t row)
{
	int64_t times = 0;

	for (unsigned a = 0; a < SCREEN_ACTION_COUNT; a++)
		if (node->actions >> a & 1)
			times += screen_number(clients, row, a);
	return times >= node->least;
}

static bool
holds(const struct node *node, const struct table *clients, size_t row)
{
	switch (node->type) {
	case NODE_NAME:
		return has(node, clients, row);
	case NODE_NOT:
		return !holds(node->left, clients, row);
	case NODE_AND:
		return holds(node->left, clients, row) && holds(node->right, clients, row);
	case NODE_OR:
		return holds(node->left, clients, row) || holds(node->right, clients, row);
	}
	return false;
}

bool
screen_chooses(const struct screen_choice *choice, const struct table *clients, size_t row)
{
	return choice == NULL || holds(choice->root, clients, row);
}
