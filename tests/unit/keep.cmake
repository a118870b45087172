# The keep: two people, their stores, and a pump between them (pump.c).
foreach(subject update key introduce greedy)
	kith_unit(keep_${subject} ${CMAKE_CURRENT_SOURCE_DIR}/unit/pump.c
		${CMAKE_CURRENT_SOURCE_DIR}/unit/store_world.c)
	target_link_libraries(unit_keep_${subject} PRIVATE PkgConfig::SQLITE)
endforeach()
# What I gave away, over the same pump.
foreach(subject store_cards store_ledger keep_letgo book_mine)
	kith_unit(${subject} ${CMAKE_CURRENT_SOURCE_DIR}/unit/pump.c
		${CMAKE_CURRENT_SOURCE_DIR}/unit/store_world.c)
	target_link_libraries(unit_${subject} PRIVATE PkgConfig::SQLITE)
endforeach()
