/* SPDX-License-Identifier: MIT
 *
 * terminal - whether the terminal can draw pictures: it is asked, never guessed.
 */
#ifndef KITH_CLI_TERMINAL_H
#define KITH_CLI_TERMINAL_H

#include <kith/bytes.h>

enum kith_terminal_graphics { KITH_TERMINAL_NONE, KITH_TERMINAL_KITTY, KITH_TERMINAL_SIXEL };

struct kith_terminal {
	enum kith_terminal_graphics graphics;
	uint32_t side; /* pixels that a picture may have each way, at least 1 */
};

/*
 * Asks the terminal on standard input and output, by a kitty graphics query and for its primary device attributes, and
 * waits a second at most; its settings are as before then, and what it says later is dropped.  NONE also when standard
 * input or output is no terminal, or this process is in the background.  side is at most most.
 */
struct kith_terminal kith_terminal_ask(uint32_t most);

/* What the answers to both questions, as far as they came, say.  *ret_over: nothing more will come. */
enum kith_terminal_graphics kith_terminal_answer(struct kith_span said, bool *ret_over);

/* Draws at the cursor, and goes to the next line: a PNG for kitty, else sixels.  KITH_ERR_NOMEM. */
enum kith_err kith_terminal_draw(
	const struct kith_terminal *t, struct kith_span picture) KITH_MUST_CHECK;

#endif
