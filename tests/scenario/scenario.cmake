# SPDX-License-Identifier: MIT
# Stories of people in rooms, on a virtual clock and a network in memory.  world.c, network.c,
# keeping.c, ledger.c, mind.c, stranger.c and familiar.c are the stage; every other file is one subject.
set(stage ${CMAKE_CURRENT_LIST_DIR})
add_library(scenario_stage STATIC ${stage}/world.c ${stage}/network.c ${stage}/keeping.c
	${stage}/ledger.c ${stage}/mind.c ${stage}/stranger.c ${stage}/familiar.c)
kith_compile(scenario_stage)
target_link_libraries(scenario_stage PUBLIC kith PkgConfig::CMOCKA)

set(scenarios)
foreach(subject swap crossing prompts flood broken scarce hostile steps kept meddled reveals odd
		replayed scanned known dialling proof recalled waits)
	add_executable(scenario_${subject} ${stage}/${subject}.c)
	kith_compile(scenario_${subject})
	target_link_libraries(scenario_${subject} PRIVATE scenario_stage)
	list(APPEND scenarios scenario_${subject})
	add_test(NAME scenario.${subject} COMMAND scenario_${subject})
	set_tests_properties(scenario.${subject} PROPERTIES LABELS scenario TIMEOUT 300)
endforeach()
add_custom_target(scenarios DEPENDS ${scenarios})
include(${CMAKE_CURRENT_LIST_DIR}/../mutations/mutations.cmake)
