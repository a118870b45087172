/* SPDX-License-Identifier: MIT
 *
 * hook - a program of the person's own that is told what happens: one at a time, with a bound on its
 * time.  proto/control.md "Hook".
 */
#ifndef KITH_NOTIFY_HOOK_H
#define KITH_NOTIFY_HOOK_H

#include <kith/bytes.h>
#include <sys/types.h>

#include "base/limits.h"

/* What waits to be told. */
struct kith_hook_word {
	char kind[32];
	struct kith_buf text;
};

/* Why a hook is not run, or did not end by itself. */
enum kith_hook_trouble {
	KITH_HOOK_WELL,
	KITH_HOOK_NO_FILE,
	KITH_HOOK_NOT_MINE,
	KITH_HOOK_NOT_EXECUTABLE,
	KITH_HOOK_OPEN_TO_OTHERS, /* they may write to it */
	KITH_HOOK_NOT_STARTED,
	KITH_HOOK_KILLED, /* its time was over */
};

/* "is not run: it is not executable"; static. */
const char *kith_hook_words(enum kith_hook_trouble trouble);

/* Start with {.fd = -1}, and with say where somebody is to be told; end with kith_hook_free. */
struct kith_hook {
	/* Each trouble once; path is what is run, or would be.  NULL: nobody is told. */
	void (*say)(void *ctx, const char *path, enum kith_hook_trouble trouble);
	void *ctx;
	bool said[KITH_HOOK_KILLED + 1];
	pid_t pid;                                   /* of the one that runs; 0: none */
	int fd;                                      /* readable when it has ended */
	uint64_t ends;                               /* ticks, when it is killed */
	struct kith_hook_word words[KITH_HOOKS_MAX]; /* a ring */
	size_t first, n;
};

/*
 * Puts the path of the hook into the empty buffer: $XDG_CONFIG_HOME/kith/on-event, else
 * $HOME/.config/kith/on-event.  NULL: there is none that may be run.  It must be a regular file of the
 * effective user (or a link to one), executable for him, and writable for nobody else.
 */
const char *kith_hook_path(struct kith_buf *out);

/* Looks whether there is one that may be run, and says it when one may not. */
void kith_hook_look(struct kith_hook *hook);

/*
 * That kind of event happened: the hook gets text on its standard input and the kind as KITH_EVENT.
 * While one runs the word waits; when HOOKS_MAX wait it is left out.  Nothing happens without a hook;
 * one that may not be run, or is killed, is told of.
 */
void kith_hook_tell(struct kith_hook *hook, const char *kind, struct kith_span text);

/* It has ended (fd), or its time has come: the next one begins.  Returns the ms until it must be called
 * again, UINT64_MAX for never. */
uint64_t kith_hook_tick(struct kith_hook *hook);

/* Kills what runs; what waits is forgotten. */
void kith_hook_free(struct kith_hook *hook);

#endif
