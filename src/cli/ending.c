/* SPDX-License-Identifier: MIT */
#include "cli/ending.h"

#include <stdio.h>

/* Exit statuses of the contract, which sort the errors that have no word of their own. */
enum { FAILED = 1, STORE = 7 };

const char *kith_ending_reason(enum kith_err err)
{
	switch (err) {
	case KITH_ERR_DECLINED:
		return "declined";
	case KITH_ERR_MISMATCH:
		return "mismatch";
	case KITH_ERR_TIMEOUT:
		return "timeout";
	case KITH_ERR_UNREACHABLE:
	case KITH_ERR_BROKEN:
	case KITH_ERR_NOPERSON:
		return "unreachable";
	case KITH_ERR_BUSY:
		return "busy";
	default:
		return kith_err_exit(err) == STORE ? "store" : "protocol";
	}
}

const char *kith_ending_detail(enum kith_err err)
{
	switch (err) {
	case KITH_ERR_OWNKEY:
		return "ownkey";
	case KITH_ERR_COMMIT:
		return "commit";
	case KITH_ERR_CONFLICT:
		return "conflict";
	case KITH_ERR_STALEKEY:
		return "stalekey";
	case KITH_ERR_VERSION:
		return "version";
	case KITH_ERR_DECLINED:
	case KITH_ERR_MISMATCH:
	case KITH_ERR_BUSY:
		return NULL;
	default:
		return kith_err_exit(err) == FAILED ? "failed" : NULL;
	}
}

/* What has no words of its own. */
static const char *other(enum kith_err err)
{
	switch (kith_err_exit(err)) {
	case STORE:
		return "could not be kept: the store cannot be written";
	case FAILED:
		return "could not be swapped with: something failed on this machine. Try again";
	default:
		return "broke the protocol; their kith may be of another version";
	}
}

static const char *words(enum kith_err err)
{
	switch (err) {
	case KITH_ERR_DECLINED:
		return "said no";
	case KITH_ERR_MISMATCH:
		return "and you saw different codes: somebody may be in the middle. Nothing was swapped";
	case KITH_ERR_TIMEOUT:
		return "did not answer in time";
	case KITH_ERR_UNREACHABLE:
		return "can be seen but not reached; ask them to pick you";
	case KITH_ERR_BROKEN:
		return "was lost: the connection broke. Try again";
	case KITH_ERR_NOPERSON:
		return "is not here any more";
	case KITH_ERR_BUSY:
		return "has to wait: finish first what is on the screen";
	case KITH_ERR_OWNKEY:
		return "uses your own key: another copy of your identity is here";
	case KITH_ERR_COMMIT:
		return "did not keep to what was promised: somebody may be in the middle. Nothing was "
		       "swapped";
	case KITH_ERR_CONFLICT:
		return "has shown two different cards with one number: their key may have been copied. "
		       "The first card stays";
	case KITH_ERR_STALEKEY:
		return "uses a key that its owner has left, or by which nothing is taken until you "
		       "compare. Nothing was kept";
	case KITH_ERR_VERSION:
		return "has a newer kith, which this one does not understand";
	default:
		return other(err);
	}
}

void kith_ending_sentence(const char *name, enum kith_err err, bool pending, char *out, size_t cap)
{
	bool broke = pending && err == KITH_ERR_BROKEN;

	(void)snprintf(out, cap, "%s %s.%s", name,
		broke ? "was lost: the connection broke" : words(err),
		pending ? " You had confirmed; it completes when you meet again." : "");
}
