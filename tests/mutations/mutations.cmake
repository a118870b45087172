# SPDX-License-Identifier: MIT
# Mistakes on purpose, each of which a test must notice.  Takes minutes, so only when asked for:
# cmake -DKITH_MUTATIONS=ON, then ctest -L mutations; or tests/mutations/run by itself.
option(KITH_MUTATIONS "add the test that makes mistakes on purpose" OFF)
if(KITH_MUTATIONS AND KITH_PYTHON)
	add_test(NAME mutations COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/run)
	set_tests_properties(mutations PROPERTIES LABELS mutations TIMEOUT 3600)
endif()
