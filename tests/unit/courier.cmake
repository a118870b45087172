# SPDX-License-Identifier: MIT
# The parts of the courier that need no network ...
foreach(test courier_address courier_crowd courier_dns courier_origin courier_peer courier_rate courier_reach
		courier_records courier_rows courier_txt)
	kith_unit(${test})
	target_link_libraries(unit_${test} PRIVATE kith_courier_parts)
endforeach()

# ... its end of the socket to the node on the one loop ...
kith_unit(courier_nodelink)
target_sources(unit_courier_nodelink PRIVATE ${PROJECT_SOURCE_DIR}/src/courier/nodelink.c
	${PROJECT_SOURCE_DIR}/src/courier/poller.c)
target_link_libraries(unit_courier_nodelink PRIVATE kith_courier_parts PkgConfig::ZMQ PkgConfig::AVAHI)

# ... and the whole, in network namespaces of its own (skipped where there are none).
foreach(case lo veth4 veth6 daemon mixed daemon_lost daemon_mute daemon_alone bus_only nobody_there
		network interface hidden strangers budget address_cap rates proofs crowd forgers slow deaf hammer
		old_listeners orders slow_node liars flood clash half_open idle)
	add_test(NAME lan.courier_${case} COMMAND ${KITH_PYTHON} -B
		${PROJECT_SOURCE_DIR}/tests/lan/courier_pair.py $<TARGET_FILE:kith-courier> ${case})
	set_tests_properties(lan.courier_${case} PROPERTIES LABELS lan TIMEOUT 600
		SKIP_RETURN_CODE 77)
endforeach()
