# SPDX-License-Identifier: MIT
# Real machines, as namespaces: tests/lan/NN_NAME.py KITH.  Each file has namespaces of its own, so
# they may run side by side.
foreach(name 01_demo 02_swap 03_networks 04_avahi 05_oneshot 06_second 07_traces)
	add_test(NAME lan.${name} COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/${name}.py
		$<TARGET_FILE:kith-program>)
	set_tests_properties(lan.${name} PROPERTIES LABELS lan TIMEOUT 240 SKIP_RETURN_CODE 77)
endforeach()
include(${CMAKE_CURRENT_LIST_DIR}/courier.cmake OPTIONAL)
