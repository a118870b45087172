/* SPDX-License-Identifier: MIT */
#include "base/diag.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

const char *kith_err_text(enum kith_err err)
{
	switch (err) {
	case KITH_OK:
		return "done";
#define CASE(name, number, status, text)                                                           \
	case KITH_ERR_##name:                                                                      \
		return text;
		KITH_ERRORS(CASE)
#undef CASE
	}
	return "an unknown error";
}

const char *kith_err_name(enum kith_err err)
{
	switch (err) {
	case KITH_OK:
		return "ok";
#define CASE(name, number, status, text)                                                           \
	case KITH_ERR_##name:                                                                      \
		return #name;
		KITH_ERRORS(CASE)
#undef CASE
	}
	return "unknown";
}

int kith_err_exit(enum kith_err err)
{
	switch (err) {
	case KITH_OK:
		return 0;
#define CASE(name, number, status, text)                                                           \
	case KITH_ERR_##name:                                                                      \
		return status;
		KITH_ERRORS(CASE)
#undef CASE
	}
	return 1;
}

enum kith_err kith_fail(struct kith_diag *diag, enum kith_err err, const char *fmt, ...)
{
	va_list ap;

	if (!diag)
		return err;
	va_start(ap, fmt);
	(void)vsnprintf(diag->text, sizeof diag->text, fmt, ap);
	va_end(ap);
	return err;
}

const char *kith_diag_text(const struct kith_diag *diag, enum kith_err err)
{
	return diag && diag->text[0] ? diag->text : kith_err_text(err);
}
