"""What proves the archive: that its files and its rows agree, the bytes of a page, and how they are cited."""
