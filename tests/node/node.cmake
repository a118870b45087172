# SPDX-License-Identifier: MIT
kith_unit(message_link)
kith_unit(node_helper)
add_test(NAME cli.hostile_courier COMMAND ${KITH_PYTHON} -B
	${PROJECT_SOURCE_DIR}/tests/node/hostile_courier.py $<TARGET_FILE:kith-program>)
set_tests_properties(cli.hostile_courier PROPERTIES LABELS cli TIMEOUT 300)
