# SPDX-License-Identifier: MIT
# The programs that tests/bench/run needs.  Built on demand, by the target kith-bench.
add_custom_target(kith-bench DEPENDS kith-program kith-courier)

# kith_bench(NAME SOURCES file... LIBRARIES library...)
function(kith_bench name)
	cmake_parse_arguments(PARSE_ARGV 1 of "" "" "SOURCES;LIBRARIES")
	add_executable(bench-${name} EXCLUDE_FROM_ALL ${of_SOURCES})
	kith_compile(bench-${name})
	target_link_libraries(bench-${name} PRIVATE ${of_LIBRARIES})
	set_target_properties(bench-${name} PROPERTIES OUTPUT_NAME ${name}
		RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
	add_dependencies(kith-bench bench-${name})
endfunction()

kith_bench(stamp SOURCES bench/stamp.c)
kith_bench(watch SOURCES bench/watch.c LIBRARIES PkgConfig::SQLITE)
kith_bench(entries SOURCES bench/entries.c LIBRARIES kith PkgConfig::SQLITE)
kith_bench(people SOURCES bench/people.c LIBRARIES kith)
kith_bench(memories SOURCES bench/memories.c LIBRARIES kith PkgConfig::SQLITE)
kith_bench(floor SOURCES bench/floor.c bench/look.c
	LIBRARIES PkgConfig::SODIUM PkgConfig::ZMQ PkgConfig::AVAHI)
kith_bench(bare_avahi SOURCES bench/bare_avahi.c bench/look.c LIBRARIES PkgConfig::AVAHI)

# EVCard, where it is installed.
pkg_check_modules(EBOOK IMPORTED_TARGET libebook-contacts-1.2)
kith_bench(vcard SOURCES bench/vcard.c LIBRARIES kith)
if(EBOOK_FOUND)
	kith_bench(evcard SOURCES bench/evcard.c LIBRARIES PkgConfig::EBOOK)
endif()
