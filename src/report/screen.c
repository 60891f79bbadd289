/* SPDX-License-Identifier: Apache-2.0
 *
 * screen: the choice of sections that makes Postscreen-Stats' report.
 */
#include "report/screen.h"

void
screen_free(struct screen *screen)
{
	if (screen)
		screen_choice_free(screen->choice);
	free(screen);
}

/*
 * The text needs no more than the queries of one section; a format that prints one
 * section gets that, too.
 */
static void
choose_sections(struct report *report, const struct report_screen *wanted)
{
	bool one = report->format->single || report->format == &format_text;

	if (wanted->addresses)
		report_choose(report, &section_postscreen_addresses, true);
	if (wanted->summary)
		report_choose(report, &section_postscreen_actions, true);
	if (wanted->summary && !one) {
		report_choose(report, &section_postscreen_figures, true);
		report_choose(report, &section_postscreen_delays, true);
	}
	if (wanted->summary && wanted->countries && !report->format->single)
		report_choose(report, &section_postscreen_countries, true);
	if (wanted->modern)
		report_add(report, STR("postscreen"));
}

/* Sections of all clients do not go together with a choice of some. */
static int
check_choice(const struct report *report, struct err *err)
{
	for (size_t i = 0; i < report->chosen_count; i++) {
		const struct section *section = report->chosen[i].section;

		if (!section->chosen_clients)
			return err_set(err, "section %s tells of all clients, so it cannot go "
			    "together with a choice of clients by their actions",
			    section->name);
	}
	return 0;
}

int
report_add_screen(struct report *report, const struct report_screen *options, struct err *err)
{
	struct screen_choice *choice = NULL;
	bool own = report->chosen_count == 0;

	if (options->actions && screen_choice_parse(str_of(options->actions), &choice, err))
		return -1;
	report->screen = xcalloc(1, sizeof(*report->screen));
	report->screen->options = *options;
	report->screen->choice = choice;
	if (own)
		choose_sections(report, options);
	if (own && report->format == &format_text) {
		report->format = &format_screen;
		report->screen->ranks = options->addresses;
	}
	return choice ? check_choice(report, err) : 0;
}
