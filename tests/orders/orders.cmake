# SPDX-License-Identifier: MIT
# Every order of events, against the session and against the room: an exhaustive search on the stage
# of tests/scenario.
set(orders ${CMAKE_CURRENT_LIST_DIR})
add_executable(orders ${orders}/orders.c ${orders}/letters.c ${orders}/scene.c ${orders}/arena.c)
kith_compile(orders)
target_include_directories(orders PRIVATE ${CMAKE_CURRENT_LIST_DIR}/..
	${CMAKE_CURRENT_LIST_DIR}/../scenario)
target_link_libraries(orders PRIVATE scenario_stage)
foreach(level session room)
	add_test(NAME orders.${level} COMMAND orders ${level})
	set_tests_properties(orders.${level} PROPERTIES LABELS orders TIMEOUT 900 COST 50)
endforeach()
