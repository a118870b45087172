# The command line, against the built program: tests/cli/NN_NAME.py KITH SEED.
add_executable(kith-test-seed ${CMAKE_CURRENT_SOURCE_DIR}/cli/seed.c)
kith_compile(kith-test-seed)
target_link_libraries(kith-test-seed PRIVATE kith)

foreach(name 01_init 02_card 03_people 04_files 05_text 06_usage)
	add_test(NAME cli.${name} COMMAND ${KITH_PYTHON} -B
		${CMAKE_CURRENT_SOURCE_DIR}/cli/${name}.py
		$<TARGET_FILE:kith-program> $<TARGET_FILE:kith-test-seed>)
	set_tests_properties(cli.${name} PROPERTIES LABELS cli TIMEOUT 300)
endforeach()
