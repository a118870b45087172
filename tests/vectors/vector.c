/* SPDX-License-Identifier: MIT */
#include "vectors/vector.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

void kith_vector_fail(struct kith_vector *v, const char *fmt, ...)
{
	va_list ap;

	v->failed = true;
	fprintf(stderr, "%s: ", kith_vector_text(v, "name"));
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

const char *kith_vector_text_at(const struct kith_vector *v, const char *key, size_t i)
{
	for (size_t l = 0; l < v->n; l++)
		if (strcmp(v->line[l].key, key) == 0 && i-- == 0)
			return v->line[l].value;
	return NULL;
}

const char *kith_vector_text(const struct kith_vector *v, const char *key)
{
	return kith_vector_text_at(v, key, 0);
}

bool kith_vector_is(const struct kith_vector *v, const char *key, const char *text)
{
	const char *value = kith_vector_text(v, key);

	return value && strcmp(value, text) == 0;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Memory of exactly n bytes, so that a sanitizer sees a read behind them. */
static uint8_t *keep(struct kith_vector *v, size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p || v->kept_n == sizeof v->kept / sizeof v->kept[0])
		abort();
	v->kept[v->kept_n++] = p;
	return p;
}

struct kith_span kith_vector_hex(struct kith_vector *v, const char *hex)
{
	size_t n = strcmp(hex, "-") == 0 ? 0 : strlen(hex) / 2;
	uint8_t *p = keep(v, n);

	for (size_t i = 0; i < n; i++) {
		int high = digit(hex[2 * i]);
		int low = digit(hex[2 * i + 1]);
		if (high < 0 || low < 0) {
			kith_vector_fail(v, "not hex: %.40s", hex);
			return (struct kith_span){NULL, 0};
		}
		p[i] = (uint8_t)(high << 4 | low);
	}
	return kith_span(p, n);
}

struct kith_span kith_vector_bytes(struct kith_vector *v, const char *key)
{
	const char *value = kith_vector_text(v, key);

	if (value)
		return kith_vector_hex(v, value);
	kith_vector_fail(v, "there is no %s", key);
	return (struct kith_span){NULL, 0};
}

const uint8_t *kith_vector_32(struct kith_vector *v, const char *key)
{
	static const uint8_t zeros[32];
	struct kith_span s = kith_vector_bytes(v, key);

	if (s.n == 32)
		return s.p;
	kith_vector_fail(v, "%s is not 32 bytes", key);
	return zeros;
}

uint64_t kith_vector_number(struct kith_vector *v, const char *key)
{
	const char *value = kith_vector_text(v, key);
	char *end = NULL;
	unsigned long long n = value ? strtoull(value, &end, 10) : 0;

	if (!value || !*value || *end)
		kith_vector_fail(v, "%s is not a number", key);
	return n;
}

void kith_vector_same(struct kith_vector *v, const char *key, struct kith_span got)
{
	struct kith_span want = kith_vector_bytes(v, key);

	if (!want.p || kith_span_eq(want, got))
		return;
	kith_vector_fail(v, "%s differs; computed here, %zu bytes:", key, got.n);
	for (size_t i = 0; i < got.n && i < 200; i++)
		fprintf(stderr, "%02x", got.p[i]);
	fputc('\n', stderr);
}

void kith_vector_same_text(struct kith_vector *v, const char *key, const char *got)
{
	if (!kith_vector_is(v, key, got))
		kith_vector_fail(v, "%s differs; computed here: %s", key, got);
}

void kith_vector_same_number(struct kith_vector *v, const char *key, uint64_t got)
{
	if (kith_vector_number(v, key) != got)
		kith_vector_fail(v, "%s differs; computed here: %" PRIu64, key, got);
}

void kith_vector_same_class(struct kith_vector *v, enum kith_err got)
{
	const char *want = kith_vector_text(v, "expect");

	if (!want || strcasecmp(want, kith_err_name(got)) != 0)
		kith_vector_fail(
			v, "expected %s, got %s", want ? want : "nothing", kith_err_name(got));
}
