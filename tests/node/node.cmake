# SPDX-License-Identifier: MIT
kith_unit(message_link)
kith_unit(node_helper)
kith_unit(node_listing)
# The kernel's answers about the network are the test's.
kith_unit(node_place)
target_link_options(unit_node_place PRIVATE -Wl,--wrap=send -Wl,--wrap=recv -Wl,--wrap=if_indextoname
	-Wl,--wrap=if_nametoindex -Wl,--wrap=ioctl)
kith_unit(node_source)
kith_unit(notify_hook)
kith_unit(notify_pace)
add_test(NAME cli.hostile_courier COMMAND ${KITH_PYTHON} -B
	${PROJECT_SOURCE_DIR}/tests/node/hostile_courier.py $<TARGET_FILE:kith-program>)
set_tests_properties(cli.hostile_courier PROPERTIES LABELS cli TIMEOUT 900 COST 60)
add_test(NAME lan.dead_courier COMMAND ${KITH_PYTHON} -B
	${PROJECT_SOURCE_DIR}/tests/node/dead_courier.py $<TARGET_FILE:kith-program>)
set_tests_properties(lan.dead_courier PROPERTIES LABELS lan TIMEOUT 600 SKIP_RETURN_CODE 77)
