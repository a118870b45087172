# SPDX-License-Identifier: MIT
# The parts of the courier that need no network ...
foreach(test courier_address courier_dns courier_records courier_rows courier_txt)
	kith_unit(${test})
	target_link_libraries(unit_${test} PRIVATE kith_courier_parts)
endforeach()

# ... and the whole, in network namespaces of its own (skipped where there are none).
add_test(NAME lan.courier COMMAND ${KITH_PYTHON} -B
	${PROJECT_SOURCE_DIR}/tests/lan/courier_pair.py $<TARGET_FILE:kith-courier>)
set_tests_properties(lan.courier PROPERTIES LABELS lan TIMEOUT 300 SKIP_RETURN_CODE 77)
