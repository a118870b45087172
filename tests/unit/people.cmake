# SPDX-License-Identifier: MIT
# What is measured of all people, with the module linked in.
kith_unit(graph_measure)
target_link_libraries(unit_graph_measure PRIVATE kith_graph_objects)
kith_unit(people_bridges)
target_link_libraries(unit_people_bridges PRIVATE kith_graph_objects)
foreach(subject groups match)
	kith_unit(people_${subject} ${CMAKE_CURRENT_SOURCE_DIR}/unit/people_world.c
		${CMAKE_CURRENT_SOURCE_DIR}/unit/store_world.c)
	target_link_libraries(unit_people_${subject} PRIVATE kith_graph_objects PkgConfig::SQLITE)
endforeach()
