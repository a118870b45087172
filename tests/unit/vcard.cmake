kith_unit(vcard_reader)
kith_unit(vcard_value)
kith_unit(vcard_write)
kith_unit(vcard_map)
kith_unit(vcard_seal)
kith_unit(vcard_phone)
kith_unit(vcard_name)
# It takes the memory of the functions on vCards away.
kith_unit(vcard_scarce)
target_link_options(unit_vcard_scarce PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
	-Wl,--wrap=kith_memory_take,--wrap=kith_memory_copy)
