# SPDX-License-Identifier: MIT
# Tests of the tree itself.  The floors of the house are the table tests/meta/floors.
function(kith_meta name)
	add_test(NAME meta.${name}
		COMMAND ${KITH_PYTHON} -B ${PROJECT_SOURCE_DIR}/tests/meta/${name}.py ${ARGN})
	set_tests_properties(meta.${name} PROPERTIES LABELS meta TIMEOUT 300
		SKIP_RETURN_CODE 77)
endfunction()

kith_meta(floors)
kith_meta(sources)
kith_meta(headers ${CMAKE_C_COMPILER})
kith_meta(switches $<TARGET_FILE:kith-program> $<TARGET_FILE:kith-courier>
	$<TARGET_FILE:kith-picture> $<TARGET_FILE:kith-render>)
kith_meta(links $<TARGET_FILE:kith-program> $<TARGET_FILE:kith-courier>
	$<TARGET_FILE:kith-picture> $<TARGET_FILE:kith-calendar> $<TARGET_FILE:kith-graph>
	$<TARGET_FILE:kith-render>)
kith_meta(packages $<TARGET_FILE:kith-program> $<TARGET_FILE:kith-courier>
	$<TARGET_FILE:kith-picture> $<TARGET_FILE:kith-calendar> $<TARGET_FILE:kith-graph>
	$<TARGET_FILE:kith-render>)
kith_meta(commands $<TARGET_FILE:kith-program>)
kith_meta(numbers)
# A sanitizer's build has not all tests that these lists name.
if(NOT KITH_SANITIZE)
	kith_meta(cases ${CMAKE_CTEST_COMMAND} ${PROJECT_BINARY_DIR})
	kith_meta(mutations ${CMAKE_CTEST_COMMAND} ${PROJECT_BINARY_DIR})
endif()
