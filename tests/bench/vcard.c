/* SPDX-License-Identifier: MIT
 *
 * vcard parse|keep|write|convert|file N - kith on N vCards of vcards.h.
 *
 * parse: one after the other out of one file in memory, properties and fields; prints vCards a second.
 * keep: every one kept in memory; prints KiB that the process has then.
 * write: read ones written as 3.0, which they are; convert: those that are 4.0.  Prints vCards a
 * second, reading not counted.
 * file: prints them.
 */
#include <stdlib.h>
#include <sys/resource.h>

#include <kith/identity.h>

#include "base/auto.h"
#include "vcard/map.h"
#include "vcard/reader.h"
#include "vcard/write.h"
#include "vcards.h"

#define AT_ONCE 1000 /* vCards that are read before they are written */

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
		vcard_make(i, '3', f.p + f.n);
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

static struct kith_vcard *read_one(unsigned i, char version)
{
	char text[VCARD_BYTES + 1];
	struct kith_vcard *v;

	vcard_make(i, version, text);
	if (kith_vcard_parse(kith_span(text, VCARD_BYTES), &v, NULL))
		give_up("a vCard cannot be read");
	return v;
}

static void keep(unsigned n)
{
	struct kith_vcard **all = calloc(n, sizeof(struct kith_vcard *));
	struct rusage used;

	for (unsigned i = 0; all && i < n; i++)
		all[i] = read_one(i, '3');
	(void)getrusage(RUSAGE_SELF, &used);
	printf("%ld\n", used.ru_maxrss);
	for (unsigned i = 0; all && i < n; i++)
		kith_vcard_free(all[i]);
	free(all);
}

/* The seconds that writing takes. */
static double write_some(struct kith_vcard **some, unsigned n)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	double start = seconds();

	for (unsigned i = 0; i < n; i++) {
		kith_buf_clear(&out);
		if (kith_vcard_write(some[i], KITH_VCARD_30, &out) || out.n < VCARD_BYTES)
			give_up("a vCard was not written");
	}
	return seconds() - start;
}

static void write_all(unsigned n, char version)
{
	static struct kith_vcard *some[AT_ONCE];
	double took = 0;

	for (unsigned i = 0; i < n; i += AT_ONCE) {
		unsigned m = n - i < AT_ONCE ? n - i : AT_ONCE;
		for (unsigned k = 0; k < m; k++)
			some[k] = read_one(i + k, version);
		took += write_some(some, m);
		for (unsigned k = 0; k < m; k++)
			kith_vcard_free(some[k]);
	}
	printf("%.0f\n", n / took);
}

static void print(unsigned n)
{
	struct file f = make(n);

	if (fwrite(f.p, 1, f.n, stdout) != f.n || fflush(stdout))
		give_up("the file cannot be written");
	free(f.p);
}

int main(int argc, char **argv)
{
	unsigned n = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	if (n == 0 || kith_crypto_start())
		give_up("parse|keep|write|convert|file N");
	if (strcmp(argv[1], "keep") == 0)
		keep(n);
	else if (strcmp(argv[1], "write") == 0)
		write_all(n, '3');
	else if (strcmp(argv[1], "convert") == 0)
		write_all(n, '4');
	else if (strcmp(argv[1], "file") == 0)
		print(n);
	else
		parse(n);
	return 0;
}
