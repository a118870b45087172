# The store: each file is one subject, store_world.c is what they share, store_former.c what older kiths left.
foreach(subject
		due
		entries
		event
		failed
		find
		introductions
		join
		keys
		match
		memory
		mine
		news
		older
		open
		org
		people
		promise
		relation
		remark
		ring
		scrub
		select
		setting
		swap
		tag
		trouble
		used
)
	kith_unit(store_${subject} ${CMAKE_CURRENT_SOURCE_DIR}/unit/store_world.c
		${CMAKE_CURRENT_SOURCE_DIR}/unit/store_former.c)
	target_link_libraries(unit_store_${subject} PRIVATE PkgConfig::SQLITE)
endforeach()
# Over the store: whom to ask.
kith_unit(people_who ${CMAKE_CURRENT_SOURCE_DIR}/unit/store_world.c)
target_link_libraries(unit_people_who PRIVATE PkgConfig::SQLITE)
# Over the store: a home in a backup and out of it.
kith_unit(book_backup ${CMAKE_CURRENT_SOURCE_DIR}/unit/store_world.c)
target_link_libraries(unit_book_backup PRIVATE PkgConfig::SQLITE)
# Hundreds of processes that die, each with a store of its own: a minute with sanitizers.
set_tests_properties(unit.store_older unit.store_trouble PROPERTIES TIMEOUT 300)
