# The store: each file is one subject, store_world.c is what they share.
foreach(subject open mine people find swap failed trouble)
	kith_unit(store_${subject} ${CMAKE_CURRENT_SOURCE_DIR}/unit/store_world.c)
	target_link_libraries(unit_store_${subject} PRIVATE PkgConfig::SQLITE)
endforeach()
