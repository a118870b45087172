/* SPDX-License-Identifier: MIT
 *
 * grind - how the man in the middle looks for a message that makes the code he wants: other random
 * values, another name, an ignorable key more, as many candidates as he has time for.
 */
#ifndef KITH_MITM_GRIND_H
#define KITH_MITM_GRIND_H

#include "scenario/stranger.h"

#define BUDGET 20000 /* candidates; a code is found among 1000 of them, as a rule */

/* The code that both ends of that leg will show if S3 is this. */
unsigned grind_code(const struct stranger *s, struct kith_span s3);

/* Looks for a REVEAL that makes the code; it is put into s->s3.  False: none within the budget, and
 * s->s3 is as it was. */
bool grind_reveal(struct stranger *s, unsigned code, size_t budget);

/* Looks for an ACCEPT that makes the code with that REVEAL; it is put into s->s2 (and e into s).
 * False: none within the budget; s->s2 is then the last candidate. */
bool grind_accept(struct stranger *s, struct kith_span s3, unsigned code, size_t budget);

#endif
