/* SPDX-License-Identifier: MIT
 *
 * story - cmocka, and an expectation that names the world's seed when it fails.
 */
#ifndef KITH_SCENARIO_STORY_H
#define KITH_SCENARIO_STORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Prints where, the seed and the time in the present world, and fails the test. */
void story_failed(const char *file, int line, const char *what);

#define expect(cond) ((cond) ? (void)0 : story_failed(__FILE__, __LINE__, #cond))

/* Runs the group; KITH_SCENARIO_ONLY=pattern runs the stories that it fits. */
#define stories_run(name, stories)                                                                 \
	(cmocka_set_test_filter(getenv("KITH_SCENARIO_ONLY")),                                     \
		cmocka_run_group_tests_name(name, stories, NULL, NULL))

#endif
