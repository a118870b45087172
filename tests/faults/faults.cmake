# SPDX-License-Identifier: MIT
# Faults that are made on purpose, until a run passes: memory, disks, sudden death.  README.md.
set(faults ${CMAKE_CURRENT_LIST_DIR})
add_library(faulty OBJECT ${faults}/faulty.c)
kith_compile(faulty)
target_include_directories(faulty PUBLIC ${faults})

# kith_faulty(NAME SOURCE...): a test program in which memory and files can fail.
function(kith_faulty name)
	add_executable(${name} ${ARGN})
	kith_compile(${name})
	target_link_libraries(${name} PRIVATE faulty kith PkgConfig::JANSSON PkgConfig::NCURSES)
	if(KITH_SANITIZE) # which has an allocator of its own: faulty.h
		foreach(call malloc calloc realloc reallocarray strdup strndup asprintf)
			target_link_options(${name} PRIVATE -Wl,--wrap=${call})
		endforeach()
	endif()
endfunction()

kith_faulty(faults_commands ${faults}/commands.c $<TARGET_OBJECTS:kith-program>)
target_link_options(faults_commands PRIVATE -Wl,--wrap=main)

kith_faulty(faults_store ${faults}/store.c ${faults}/../unit/store_world.c
	${faults}/../unit/store_former.c)
target_link_libraries(faults_store PRIVATE PkgConfig::CMOCKA PkgConfig::SQLITE)

# kith whose node dies at a named point, with the courier beside it, where a node looks for one.
add_executable(kith-points ${faults}/points.c $<TARGET_OBJECTS:kith-program>)
kith_compile(kith-points)
target_link_libraries(kith-points PRIVATE kith PkgConfig::JANSSON PkgConfig::NCURSES)
foreach(call main close_range kith_store_open kith_store_confirm kith_store_confirmed kith_store_card
		kith_store_receipt kith_store_mismatch kith_helper_start kith_room_new kith_link_send
		kith_link_receive)
	target_link_options(kith-points PRIVATE -Wl,--wrap=${call})
endforeach()
set_target_properties(kith-points PROPERTIES
	RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/faults)
add_custom_command(TARGET kith-points POST_BUILD COMMAND ${CMAKE_COMMAND} -E create_symlink
	$<TARGET_FILE:kith-courier> $<TARGET_FILE_DIR:kith-points>/kith-courier)
add_dependencies(kith-points kith-courier)

set(stage ${faults}/../scenario)
add_library(faults_stage STATIC ${stage}/world.c ${stage}/network.c ${stage}/keeping.c
	${stage}/ledger.c ${stage}/mind.c ${stage}/stranger.c)
kith_compile(faults_stage)
target_compile_options(faults_stage PRIVATE -include ${faults}/stage.h
	-Dcalloc=stage_calloc -Dkith_message_type=stage_message_type
	-Dkith_store_open=stage_store_open)
target_link_libraries(faults_stage PUBLIC kith PkgConfig::CMOCKA)
kith_faulty(faults_swap ${faults}/swap.c)
target_link_libraries(faults_swap PRIVATE faults_stage)

function(kith_fault_test name)
	add_test(NAME faults.${name} COMMAND ${ARGN})
	set_tests_properties(faults.${name} PROPERTIES LABELS faults TIMEOUT 900 COST 100
		SKIP_RETURN_CODE 77)
endfunction()

# The quick form: of commands every change of a file, of the stories of the store every third, another third in each
# story; of the allocations the first 64, and behind them one in so many.  tests/faults/run --long takes every one.
# With sanitizers, which make a process ten times as slow to start, a sample: they look for what a fault breaks, not
# for what it leaves.  What the store leaves is for the run without: its stories take minutes with them.
if(KITH_SANITIZE)
	kith_fault_test(memory faults_commands memory 331)
	kith_fault_test(poor faults_commands poor 601)
	kith_fault_test(io faults_commands io 11)
	kith_fault_test(swap faults_swap 101)
	return()
endif()
kith_fault_test(memory faults_commands memory 29)
kith_fault_test(poor faults_commands poor 61)
foreach(kind io full death)
	kith_fault_test(${kind} faults_commands ${kind})
	kith_fault_test(store_${kind} faults_store ${kind} 3)
endforeach()
kith_fault_test(store_memory faults_store memory 67)
kith_fault_test(store_poor faults_store poor 131)
kith_fault_test(swap faults_swap 17)
kith_fault_test(points ${KITH_PYTHON} -B ${faults}/points.py
	$<TARGET_FILE:kith-program> $<TARGET_FILE:kith-points>)
kith_fault_test(trouble ${KITH_PYTHON} -B ${faults}/trouble.py
	$<TARGET_FILE:kith-program> $<TARGET_FILE:kith-test-seed> $<TARGET_FILE:kith-test-stands>)
