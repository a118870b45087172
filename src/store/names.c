/* SPDX-License-Identifier: MIT */
#include <kith/store.h>

const char *kith_how_name(enum kith_how how)
{
	switch (how) {
	case KITH_HOW_TYPED:
		return "typed";
	case KITH_HOW_FILE:
		return "file";
	case KITH_HOW_UNATTENDED:
		return "unattended";
	case KITH_HOW_COMPARED:
		return "compared";
	case KITH_HOW_SCANNED:
		return "scanned";
	}
	return "unknown";
}

const char *kith_contact_state_name(enum kith_contact_state state)
{
	switch (state) {
	case KITH_CONTACT_PENDING:
		return "pending";
	case KITH_CONTACT_COMPLETE:
		return "complete";
	case KITH_CONTACT_INTRODUCED:
		return "introduced";
	case KITH_CONTACT_FROZEN:
		return "frozen";
	case KITH_CONTACT_TYPED:
		return "typed";
	}
	return "unknown";
}
