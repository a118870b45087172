# The command line, against the built program: tests/cli/NN_NAME.py KITH SEED.
add_executable(kith-test-seed ${CMAKE_CURRENT_SOURCE_DIR}/cli/seed.c)
kith_compile(kith-test-seed)
target_link_libraries(kith-test-seed PRIVATE kith)
# A wall clock that stands where the test says, in every program that loads it.
add_library(kith-test-stands MODULE ${CMAKE_CURRENT_SOURCE_DIR}/cli/clock.c)
kith_compile(kith-test-stands)
target_compile_options(kith-test-stands PRIVATE -fno-sanitize=all)
target_link_options(kith-test-stands PRIVATE -fno-sanitize=all)

foreach(name
		01_init
		02_card
		03_people
		04_files
		05_text
		06_usage
		07_passphrase
		08_at_rest
		09_odd_cards
		11_import
		12_people
		13_by_file
		14_photo
		15_qr
		16_vdir
		18_node
		19_news
		20_cards
		21_keys_of_others
		22_keys
		23_backup
		24_introduce
		25_event
		26_remember
		27_review
		28_due
		29_find
		30_who
		31_match
		32_bridges
		33_picture
		34_year
)
	add_test(NAME cli.${name} COMMAND ${KITH_PYTHON} -B
		${CMAKE_CURRENT_SOURCE_DIR}/cli/${name}.py
		$<TARGET_FILE:kith-program> $<TARGET_FILE:kith-test-seed>
		$<TARGET_FILE:kith-test-stands>)
	set_tests_properties(cli.${name} PROPERTIES LABELS cli TIMEOUT 900
		SKIP_RETURN_CODE 77 COST 30)
endforeach()
# Forty-two nodes and more, one after the other; with a sanitizer each takes its time to start.
set_tests_properties(cli.18_node PROPERTIES TIMEOUT 900)
# With a CardDAV server; other people's programs gain nothing from a sanitizer.
if(NOT KITH_SANITIZE)
	add_test(NAME cli.17_carddav COMMAND ${KITH_PYTHON} -B
		${CMAKE_CURRENT_SOURCE_DIR}/cli/17_carddav.py
		$<TARGET_FILE:kith-program> $<TARGET_FILE:kith-test-seed>
		$<TARGET_FILE:kith-test-stands>)
	set_tests_properties(cli.17_carddav PROPERTIES LABELS cli TIMEOUT 900
		SKIP_RETURN_CODE 77 COST 30)
endif()
# A disk without locks.  A sanitizer has to be loaded before everything else.
if(NOT KITH_SANITIZE)
	add_library(kith-test-locks MODULE ${CMAKE_CURRENT_SOURCE_DIR}/cli/locks.c)
	kith_compile(kith-test-locks)
	add_test(NAME cli.10_no_locks COMMAND ${KITH_PYTHON} -B
		${CMAKE_CURRENT_SOURCE_DIR}/cli/10_no_locks.py $<TARGET_FILE:kith-program>
		$<TARGET_FILE:kith-test-seed> $<TARGET_FILE:kith-test-stands> $<TARGET_FILE:kith-test-locks>)
	set_tests_properties(cli.10_no_locks PROPERTIES LABELS cli TIMEOUT 900)
endif()
