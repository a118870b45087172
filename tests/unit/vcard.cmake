kith_unit(vcard_write)
