/* SPDX-License-Identifier: MIT
 *
 * store_former - stores as kith once made them, by the statements of then, with people in them.
 */
#ifndef KITH_TESTS_STORE_FORMER_H
#define KITH_TESTS_STORE_FORMER_H

#include "store_world.h"

/* Makes home/kith.db of that version (1 to 4): Grace, met and given a card twice and with a receipt; Alan, of
 * whom no card has come; Barbara, by file; and somebody who was forgotten, with the greatest row. */
void former_make(const char *home, int version);

/* Nothing of it was lost on the way to the version of now. */
void former_check(const char *home);

#endif
