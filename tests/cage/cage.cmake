# SPDX-License-Identifier: MIT
# The courier's own objects, with somebody inside (inside.c), and the programs around it.  Not with the
# sanitizers, whose cage is wider: they read files and start a tracer.
if(NOT KITH_SANITIZE)
	add_executable(cage_inside ${CMAKE_CURRENT_LIST_DIR}/inside.c ${CMAKE_CURRENT_LIST_DIR}/tries.c
		$<TARGET_OBJECTS:kith_courier_objects>)
	kith_compile(cage_inside)
	target_include_directories(cage_inside PRIVATE ${PROJECT_SOURCE_DIR}/tests)
	target_link_libraries(cage_inside PRIVATE kith_courier_objects)
	target_link_options(cage_inside PRIVATE -Wl,--wrap=zmq_ctx_new,--wrap=syscall)
	add_test(NAME cage.inside COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/cage.py
		$<TARGET_FILE:cage_inside> $<TARGET_FILE:kith-program>)
	set_tests_properties(cage.inside PROPERTIES LABELS cage TIMEOUT 120 SKIP_RETURN_CODE 77)

	# The same tries inside the program that reads pictures.
	add_executable(cage_inside_picture ${CMAKE_CURRENT_LIST_DIR}/inside_picture.c
		${CMAKE_CURRENT_LIST_DIR}/tries.c $<TARGET_OBJECTS:kith_picture_objects>)
	kith_compile(cage_inside_picture)
	target_include_directories(cage_inside_picture PRIVATE ${PROJECT_SOURCE_DIR}/tests)
	target_link_libraries(cage_inside_picture PRIVATE kith_picture_objects)
	target_link_options(cage_inside_picture PRIVATE
		-Wl,--wrap=gdSetErrorMethod,--wrap=syscall,--wrap=setrlimit
		-Wl,--wrap=kith_picture_cage_close)
	add_test(NAME cage.picture COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/picture.py
		$<TARGET_FILE:cage_inside_picture> $<TARGET_FILE:kith-program>)
	set_tests_properties(cage.picture PROPERTIES LABELS cage TIMEOUT 120 SKIP_RETURN_CODE 77)

	# And inside the one that draws names.
	add_executable(cage_inside_render ${CMAKE_CURRENT_LIST_DIR}/inside_render.c
		${CMAKE_CURRENT_LIST_DIR}/tries.c $<TARGET_OBJECTS:kith_render_objects>)
	kith_compile(cage_inside_render)
	target_include_directories(cage_inside_render PRIVATE ${PROJECT_SOURCE_DIR}/tests)
	target_link_libraries(cage_inside_render PRIVATE kith_render_objects)
	target_link_options(cage_inside_render PRIVATE
		-Wl,--wrap=syscall,--wrap=kith_render_cage_close,--wrap=kith_render_draw)
	add_test(NAME cage.render COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/render.py
		$<TARGET_FILE:cage_inside_render> $<TARGET_FILE:kith-program>)
	set_tests_properties(cage.render PROPERTIES LABELS cage TIMEOUT 120 SKIP_RETURN_CODE 77)
endif()
