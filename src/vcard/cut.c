/* SPDX-License-Identifier: MIT */
#include "vcard/cut.h"

#include "vcard/property.h"

static struct kith_span behind(struct kith_span s, size_t n)
{
	return kith_span(s.p + n, s.n - n);
}

static struct kith_span trim(struct kith_span s)
{
	while (s.n > 0 && kith_is_blank(s.p[0]))
		s = behind(s, 1);
	return s;
}

/* Takes the word off the front. */
static bool take(struct kith_span *s, const char *word)
{
	size_t n = strlen(word);

	if (s->n < n || !kith_same_letters(s->p, word, n))
		return false;
	*s = trim(behind(*s, n));
	return true;
}

bool kith_is_mark(struct kith_span line, const char *word)
{
	return line.n <= KITH_MARK_MAX && take(&line, word) && take(&line, ":") &&
	       take(&line, "VCARD") && line.n == 0;
}

bool kith_is_open_agent(struct kith_span line)
{
	const uint8_t *colon = line.n <= KITH_MARK_MAX ? memchr(line.p, ':', line.n) : NULL;

	if (!colon || trim(behind(line, (size_t)(colon - line.p) + 1)).n > 0)
		return false;
	const uint8_t *dot = memchr(line.p, '.', (size_t)(colon - line.p));
	if (dot)
		line = behind(line, (size_t)(dot - line.p) + 1);
	return take(&line, "AGENT") && (line.p[0] == ':' || line.p[0] == ';');
}
