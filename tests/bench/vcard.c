/* SPDX-License-Identifier: MIT
 *
 * vcard parse|keep N - kith's reader on N vCards of vcards.h.
 *
 * parse: one after the other out of one file in memory, properties and fields; prints vCards a second.
 * keep: every one kept in memory; prints KiB that the process has then.
 */
#include <stdlib.h>
#include <sys/resource.h>

#include <kith/identity.h>

#include "vcard/map.h"
#include "vcard/reader.h"
#include "vcards.h"

struct file {
	char *p;
	size_t n, at;
};

static void give_up(const char *what)
{
	fprintf(stderr, "vcard: %s\n", what);
	exit(1);
}

static ptrdiff_t take(void *ctx, void *p, size_t n)
{
	struct file *f = ctx;

	n = n < f->n - f->at ? n : f->n - f->at;
	memcpy(p, f->p + f->at, n);
	f->at += n;
	return (ptrdiff_t)n;
}

static struct file make(unsigned n)
{
	struct file f = {.p = malloc((size_t)n * VCARD_BYTES + 1)};

	if (!f.p)
		give_up("memory ran out");
	for (unsigned i = 0; i < n; i++, f.n += VCARD_BYTES)
		vcard_make(i, f.p + f.n);
	return f;
}

/* How many fields there are in all: that they were looked at. */
static void parse(unsigned n)
{
	static struct kith_fields fields;
	struct file f = make(n);
	struct kith_vcard_reader *r;
	struct kith_vcard *v;
	size_t cards = 0, found = 0;
	uint64_t line;
	double start = seconds();

	if (kith_vcard_reader_open(take, &f, NULL, NULL, &r))
		give_up("memory ran out");
	for (; kith_vcard_next(r, &v, &line) == KITH_OK; cards++) {
		if (kith_vcard_fields(v, &fields))
			give_up("a vCard has no fields");
		found += fields.n;
	}
	kith_vcard_reader_free(r);
	double took = seconds() - start;
	if (cards != n || found < 6 * cards)
		give_up("not everything was read");
	printf("%.0f\n", n / took);
	free(f.p);
}

static void keep(unsigned n)
{
	struct kith_vcard **all = calloc(n, sizeof(struct kith_vcard *));
	char text[VCARD_BYTES + 1];
	struct rusage used;

	for (unsigned i = 0; all && i < n; i++) {
		vcard_make(i, text);
		if (kith_vcard_parse(kith_span(text, VCARD_BYTES), &all[i], NULL))
			give_up("a vCard cannot be read");
	}
	(void)getrusage(RUSAGE_SELF, &used);
	printf("%ld\n", used.ru_maxrss);
	for (unsigned i = 0; all && i < n; i++)
		kith_vcard_free(all[i]);
	free(all);
}

int main(int argc, char **argv)
{
	unsigned n = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	if (n == 0 || kith_crypto_start())
		give_up("parse|keep N");
	if (strcmp(argv[1], "keep") == 0)
		keep(n);
	else
		parse(n);
	return 0;
}
