/* SPDX-License-Identifier: MIT
 *
 * letters - everything that can happen to a session next, as a number.
 *
 * Of every message type: in the form that an honest partner would give it now (where one exists), in
 * a form that is well-made but empty of sense, cut short, the partner's last one again, and Ada's own
 * sent back.  Forms with one wrong value.  ABORT in the open and sealed.  The line, the clock, and
 * what Ada can say.
 */
#ifndef KITH_ORDERS_LETTERS_H
#define KITH_ORDERS_LETTERS_H

#include "scene.h"

/* How many there are. */
size_t letters(void);

/* For people; static until the next call. */
const char *letter_name(size_t letter);

/* Whether the letter is a message sent before, or sent by Ada herself: it must never be taken. */
bool letter_is_replay(size_t letter);

/* Whether it is the clock, going on until the present step is late. */
bool letter_is_late(size_t letter);

/* It happens, and what follows from it.  False: it does not exist here, and nothing happened. */
bool letter_happens(struct scene *c, size_t letter);

/* The clock goes on until the present step is late. */
void letters_run_out(struct scene *c);

/* The scene is over: whatever comes and whatever Ada says now, nothing leaves. */
void letters_after_the_end(struct scene *c);

#endif
