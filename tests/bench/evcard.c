/* SPDX-License-Identifier: MIT
 *
 * evcard parse|keep|write|convert N - what vcard.c does, with EVCard of libebook-contacts.
 *
 * The vCards are cut already: EVCard reads one.  It puts off its work until somebody asks, so every
 * attribute is asked for its name and its values.
 */
#include <libebook-contacts/libebook-contacts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "vcards.h"

#define AT_ONCE 1000 /* vCards that are read before they are written */

static void give_up(const char *what)
{
	fprintf(stderr, "evcard: %s\n", what);
	exit(1);
}

static size_t look_at(EVCard *card)
{
	size_t seen = 0;

	for (GList *l = e_vcard_get_attributes(card); l; l = l->next) {
		EVCardAttribute *a = l->data;
		seen += e_vcard_attribute_get_name(a) != NULL &&
			e_vcard_attribute_get_values(a) != NULL;
	}
	return seen;
}

static EVCard *read_one(const char *text)
{
	EVCard *card = e_vcard_new_from_string(text);

	if (!card || look_at(card) < 7)
		give_up("not everything was read");
	return card;
}

static EVCard *make_one(unsigned i, char version)
{
	char text[VCARD_BYTES + 1];

	vcard_make(i, version, text);
	return read_one(text);
}

static void parse(unsigned n)
{
	char *texts = malloc((size_t)n * (VCARD_BYTES + 1));

	for (unsigned i = 0; texts && i < n; i++)
		vcard_make(i, '3', texts + (size_t)i * (VCARD_BYTES + 1));
	double start = seconds();
	for (unsigned i = 0; texts && i < n; i++)
		g_object_unref(read_one(texts + (size_t)i * (VCARD_BYTES + 1)));
	printf("%.0f\n", n / (seconds() - start));
	free(texts);
}

static void keep(unsigned n)
{
	EVCard **all = calloc(n, sizeof(EVCard *));
	struct rusage used;

	for (unsigned i = 0; all && i < n; i++)
		all[i] = make_one(i, '3');
	(void)getrusage(RUSAGE_SELF, &used);
	printf("%ld\n", used.ru_maxrss);
	for (unsigned i = 0; all && i < n; i++)
		g_object_unref(all[i]);
	free(all);
}

/* The seconds that writing takes. */
static double write_some(EVCard **some, unsigned n)
{
	double start = seconds();

	for (unsigned i = 0; i < n; i++) {
		char *out = e_vcard_to_string(some[i], EVC_FORMAT_VCARD_30);
		if (!out || strlen(out) < VCARD_BYTES / 2)
			give_up("a vCard was not written");
		g_free(out);
	}
	return seconds() - start;
}

static void write_all(unsigned n, char version)
{
	static EVCard *some[AT_ONCE];
	double took = 0;

	for (unsigned i = 0; i < n; i += AT_ONCE) {
		unsigned m = n - i < AT_ONCE ? n - i : AT_ONCE;
		for (unsigned k = 0; k < m; k++)
			some[k] = make_one(i + k, version);
		took += write_some(some, m);
		for (unsigned k = 0; k < m; k++)
			g_object_unref(some[k]);
	}
	printf("%.0f\n", n / took);
}

int main(int argc, char **argv)
{
	unsigned n = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	if (n == 0)
		return 1;
	if (strcmp(argv[1], "keep") == 0)
		keep(n);
	else if (strcmp(argv[1], "write") == 0)
		write_all(n, '3');
	else if (strcmp(argv[1], "convert") == 0)
		write_all(n, '4');
	else
		parse(n);
	return 0;
}
