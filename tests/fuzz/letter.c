/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes letters: the first line is the subject, what follows the body. Whatever they are,
 * the letter is ASCII in lines of 998 characters at most, its headers are ours alone, and
 * none of its subject or body gets among them. Then, what the settings say of mail, and the
 * file of what was not sent: what is read is written as it was.
 */
#include <stdlib.h>

#include "act/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Cuts the next line off TEXT; it must be a proper one. */
static struct str
next_line(struct str *text)
{
	struct str line = str_cut(text, '\n');

	if (line.len == 0 || line.p[line.len - 1] != '\r')
		abort();
	line.len--;
	if (line.len > 998)
		abort();
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] < ' ' || line.p[i] > '~')
			abort();
	return line;
}

static void
check_letter(struct str text)
{
	static const char *const headers[] = {"Date: ", "Message-ID: ", "From: ", "To: ",
	    "Subject: ", "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
	    "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: "};
	size_t header = 0;
	struct str line;

	while ((line = next_line(&text)).len)
		if (*line.p == ' ' ? header != 5 :
		    header == sizeof(headers) / sizeof(*headers) ||
			!str_starts(line, str_of(headers[header++])))
			abort();
	if (header != sizeof(headers) / sizeof(*headers))
		abort();
	while (text.len)
		next_line(&text);
}

static void
check_settings(const char *text)
{
	struct err err;

	for (enum act_tls tls = ACT_TLS_REQUIRED; tls <= ACT_TLS_NEVER; tls++)
		if (act_check_via(text, tls, &err) == 0 && act_is_smtp(text) &&
		    strpbrk(text, " @?#\r\n"))
			abort();
	if (act_check_address(text, true, &err) == 0 && strpbrk(text, " <>,\r\n"))
		abort();
}

static void
check_unsent(struct str text)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct unsent unsent, again;
	struct err err;

	if (unsent_parse(text, &unsent, &err) == 0) {
		unsent_put(&unsent, &out);
		if (out.len != text.len || unsent_parse(buf_view(&out), &again, &err) < 0 ||
		    again.bans != unsent.bans || again.named != unsent.named)
			abort();
	}
	buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const to[] = {"root@example.test"};
	struct str body = {(const char *)data, size}, subject = str_cut(&body, '\n');
	struct letter letter = {.from = "postern@example.test", .to = to, .to_count = 1,
	    .host = "mx1", .subject = subject, .body = body, .time = 1795202662000000};
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	char *text = xstrndup(subject.p ? subject.p : "", subject.len);

	letter_put(&letter, "\r\n", &out);
	check_letter(buf_view(&out));
	check_settings(text);
	check_unsent((struct str){(const char *)data, size});
	buf_done(&out);
	free(text);
	return 0;
}
