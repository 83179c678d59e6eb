package io.innerspan.signals.pack;

/** Where a tensor lies; {@code path} is the place in the manifest that says so. */
record TensorRef(String path, String file, String tensor) {}
