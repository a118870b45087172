/* SPDX-License-Identifier: MIT
 *
 * kith-attributes - how many attributes EVCard of libebook-contacts finds.
 *
 * Standard input: vCards, each behind its length in decimal and a line feed.  Prints for each the
 * number of attributes, BEGIN and END not counted, -1 when it is not read.
 */
#include <libebook-contacts/libebook-contacts.h>
#include <stdio.h>
#include <stdlib.h>

static int count(const char *text)
{
	EVCard *card = e_vcard_new_from_string(text);
	int n = 0;

	if (!card)
		return -1;
	for (GList *l = e_vcard_get_attributes(card); l; l = l->next)
		n++;
	g_object_unref(card);
	return n;
}

int main(void)
{
	unsigned long n;

	while (scanf("%lu", &n) == 1 && getchar() == '\n') {
		char *text = calloc(n + 1, 1);
		if (!text || fread(text, 1, n, stdin) != n)
			return 1;
		printf("%d\n", g_utf8_validate(text, -1, NULL) ? count(text) : -1);
		free(text);
	}
	return 0;
}
