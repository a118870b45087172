/* SPDX-License-Identifier: MIT */
#include <kith/bytes.h>

#include <stdarg.h>
#include <stdio.h>

#define FIRST_CAP 64 /* bytes; small messages need one allocation */

static const struct kith_env *env_of(const struct kith_buf *b)
{
	return b->env ? b->env : kith_env_default();
}

static void give_back(struct kith_buf *b)
{
	if (!b->p)
		return;
	explicit_bzero(b->p, b->cap);
	env_of(b)->release(env_of(b)->ctx, b->p, b->cap);
}

void kith_buf_init(struct kith_buf *b, const struct kith_env *env)
{
	*b = (struct kith_buf){.env = env};
}

void kith_buf_free(struct kith_buf *b)
{
	if (!b)
		return;
	give_back(b);
	kith_buf_init(b, b->env);
}

void kith_buf_clear(struct kith_buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->n);
	b->n = 0;
}

/* Room for n more bytes. */
static enum kith_err reserve(struct kith_buf *b, size_t n)
{
	if (n > SIZE_MAX / 4 - b->n)
		return KITH_ERR_NOMEM;
	if (b->n + n <= b->cap)
		return KITH_OK;
	size_t cap = b->cap ? b->cap : FIRST_CAP;
	while (cap < b->n + n)
		cap *= 2;
	uint8_t *p = env_of(b)->alloc(env_of(b)->ctx, cap);
	if (!p)
		return KITH_ERR_NOMEM;
	if (b->n)
		memcpy(p, b->p, b->n);
	give_back(b);
	b->p = p;
	b->cap = cap;
	return KITH_OK;
}

enum kith_err kith_buf_more(struct kith_buf *b, size_t n, uint8_t **ret_p)
{
	enum kith_err err = reserve(b, n ? n : 1);

	if (err)
		return err;
	*ret_p = b->p + b->n;
	b->n += n;
	return KITH_OK;
}

enum kith_err kith_buf_add(struct kith_buf *b, const void *p, size_t n)
{
	uint8_t *to;
	enum kith_err err = kith_buf_more(b, n, &to);

	if (!err && n)
		memcpy(to, p, n);
	return err;
}

enum kith_err kith_buf_add_str(struct kith_buf *b, const char *s)
{
	return kith_buf_add(b, s, strlen(s));
}

/* In one go where there is room, as there mostly is. */
enum kith_err kith_buf_printf(struct kith_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (reserve(b, 1))
		return KITH_ERR_NOMEM;
	size_t room = b->cap - b->n;
	va_start(ap, fmt);
	n = vsnprintf((char *)b->p + b->n, room, fmt, ap);
	va_end(ap);
	if (n < 0 || ((size_t)n >= room && reserve(b, (size_t)n + 1)))
		return KITH_ERR_NOMEM;
	if ((size_t)n >= room) {
		va_start(ap, fmt);
		(void)vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	b->n += (size_t)n;
	return KITH_OK;
}

const char *kith_buf_cstr(struct kith_buf *b)
{
	if (reserve(b, 1))
		return NULL;
	b->p[b->n] = 0;
	return (const char *)b->p;
}
