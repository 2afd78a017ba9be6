"""Reading the raw archive again: the same road as a crawl, without the network."""
