/* SPDX-License-Identifier: MIT
 *
 * evcard parse|keep N - what vcard.c does, with EVCard of libebook-contacts.
 *
 * The vCards are cut already: EVCard reads one.  It puts off its work until somebody asks, so every
 * attribute is asked for its name and its values.
 */
#include <libebook-contacts/libebook-contacts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "vcards.h"

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

	if (!card || look_at(card) < 7) {
		fprintf(stderr, "evcard: not everything was read\n");
		exit(1);
	}
	return card;
}

static void parse(unsigned n)
{
	char *texts = malloc((size_t)n * (VCARD_BYTES + 1));

	for (unsigned i = 0; texts && i < n; i++)
		vcard_make(i, texts + (size_t)i * (VCARD_BYTES + 1));
	double start = seconds();
	for (unsigned i = 0; texts && i < n; i++)
		g_object_unref(read_one(texts + (size_t)i * (VCARD_BYTES + 1)));
	printf("%.0f\n", n / (seconds() - start));
	free(texts);
}

static void keep(unsigned n)
{
	EVCard **all = calloc(n, sizeof(EVCard *));
	char text[VCARD_BYTES + 1];
	struct rusage used;

	for (unsigned i = 0; all && i < n; i++) {
		vcard_make(i, text);
		all[i] = read_one(text);
	}
	(void)getrusage(RUSAGE_SELF, &used);
	printf("%ld\n", used.ru_maxrss);
	for (unsigned i = 0; all && i < n; i++)
		g_object_unref(all[i]);
	free(all);
}

int main(int argc, char **argv)
{
	unsigned n = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	if (n == 0)
		return 1;
	if (strcmp(argv[1], "keep") == 0)
		keep(n);
	else
		parse(n);
	return 0;
}
