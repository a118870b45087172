# SPDX-License-Identifier: MIT
# The second implementation's vectors (proto/vectors) against this one.
set(KITH_VECTORS ${CMAKE_CURRENT_SOURCE_DIR}/vectors)
add_executable(vectors ${KITH_VECTORS}/run.c ${KITH_VECTORS}/vector.c ${KITH_VECTORS}/script.c
	${KITH_VECTORS}/strict.c ${KITH_VECTORS}/keys.c ${KITH_VECTORS}/keyfile.c
	${KITH_VECTORS}/card.c ${KITH_VECTORS}/uri.c ${KITH_VECTORS}/statement.c ${KITH_VECTORS}/introduction.c ${KITH_VECTORS}/session.c ${KITH_VECTORS}/known.c ${KITH_VECTORS}/handshake.c ${KITH_VECTORS}/backup.c)
kith_compile(vectors)
target_include_directories(vectors PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(vectors PRIVATE KITH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_link_libraries(vectors PRIVATE kith)
foreach(file strict keys keyfile card uri statement introduction session known backup)
	add_test(NAME vectors.${file} COMMAND vectors ${file})
	set_tests_properties(vectors.${file} PROPERTIES LABELS vectors TIMEOUT 120)
endforeach()
