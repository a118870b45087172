# SPDX-License-Identifier: MIT
# Text from others at a real terminal: a pty whose other end takes offence at whatever acts.
function(kith_screen name)
	add_test(NAME screen.${name} COMMAND ${KITH_PYTHON} -B
		${PROJECT_SOURCE_DIR}/tests/screen/${name}.py $<TARGET_FILE:kith-program> ${ARGN})
	set_tests_properties(screen.${name} PROPERTIES LABELS cli TIMEOUT 900 COST 100)
endfunction()

kith_screen(lists $<TARGET_FILE:kith-test-seed> $<TARGET_FILE:kith-test-stands>)
kith_screen(live)
kith_screen(printed $<TARGET_FILE:kith-test-seed> $<TARGET_FILE:kith-test-stands>)
kith_screen(review $<TARGET_FILE:kith-test-seed> $<TARGET_FILE:kith-test-stands>)
