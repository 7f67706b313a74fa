"""Records in XML that no format of its own is made for, as content systems export them."""
