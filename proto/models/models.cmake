# SPDX-License-Identifier: MIT
# One test for every line of runs.txt; skipped, with a message, where there is no spin.
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/runs.txt kith_model_runs REGEX "^[a-z]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/runs.txt)
foreach(run IN LISTS kith_model_runs)
	string(REGEX REPLACE " *\\| *" ";" run "${run}")
	list(GET run 0 name)
	list(GET run 1 expect)
	list(GET run 2 command)
	separate_arguments(command UNIX_COMMAND "${command}")
	add_test(NAME model-${name}
		COMMAND ${CMAKE_CURRENT_LIST_DIR}/run.sh ${expect} ${command}
		WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR})
	set_tests_properties(model-${name} PROPERTIES
		LABELS models SKIP_RETURN_CODE 77 TIMEOUT 120)
endforeach()
