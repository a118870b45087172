# SPDX-License-Identifier: MIT
# A man in the middle who grinds, against a code of three digits: the linker puts weak.c in front of
# two functions of the library, in this program only.
set(mitm ${CMAKE_CURRENT_LIST_DIR})
add_executable(mitm ${mitm}/mitm.c ${mitm}/grind.c ${mitm}/weak.c)
kith_compile(mitm)
target_include_directories(mitm PRIVATE ${CMAKE_CURRENT_LIST_DIR}/..
	${CMAKE_CURRENT_LIST_DIR}/../scenario)
target_link_libraries(mitm PRIVATE scenario_stage)
target_link_options(mitm PRIVATE -Wl,--wrap=kith_transcript_code
	-Wl,--wrap=kith_transcript_commit)
add_test(NAME mitm COMMAND mitm)
set_tests_properties(mitm PROPERTIES LABELS mitm TIMEOUT 900 COST 50)
