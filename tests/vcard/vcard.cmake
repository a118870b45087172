# SPDX-License-Identifier: MIT
# The reader of vCards against files that programs wrote, against other readers, and against files
# of any size.
set(vcard ${CMAKE_CURRENT_LIST_DIR})

add_executable(kith-vcards ${vcard}/list.c)
kith_compile(kith-vcards)
target_link_libraries(kith-vcards PRIVATE kith)

add_executable(vcard_stream ${vcard}/stream.c)
kith_compile(vcard_stream)
target_link_libraries(vcard_stream PRIVATE kith PkgConfig::CMOCKA)
add_test(NAME vcard.stream COMMAND vcard_stream)
set_tests_properties(vcard.stream PROPERTIES LABELS unit TIMEOUT 300)

# Another reader, where it is installed; nothing but this helper is linked to it.
pkg_check_modules(EBOOK IMPORTED_TARGET libebook-contacts-1.2)
set(attributes)
if(EBOOK_FOUND)
	add_executable(kith-attributes ${vcard}/attributes.c)
	set_target_properties(kith-attributes PROPERTIES C_STANDARD 17)
	target_link_libraries(kith-attributes PRIVATE PkgConfig::EBOOK)
	set(attributes $<TARGET_FILE:kith-attributes>)
endif()

foreach(name corpus generated)
	add_test(NAME vcard.${name} COMMAND ${KITH_PYTHON} ${vcard}/${name}.py
		$<TARGET_FILE:kith-vcards> ${attributes})
	set_tests_properties(vcard.${name} PROPERTIES LABELS unit TIMEOUT 120 SKIP_RETURN_CODE 77)
endforeach()
