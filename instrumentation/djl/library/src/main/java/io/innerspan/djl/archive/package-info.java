/**
 * Archives of TorchScript: reading, copying with changes, and writing from nothing.
 *
 * <p>A {@code .pt} file of TorchScript is a ZIP of one folder with the code as text ({@code
 * code/**.py}), the tree of modules as a pickle ({@code data.pkl}), its tensors' storages ({@code
 * data/*}) and {@code constants.pkl}. libtorch wants the storages uncompressed and begins each at a
 * multiple of 64 bytes (caffe2/serialize/inline_container.cc).
 */
@NullMarked
package io.innerspan.djl.archive;

import org.jspecify.annotations.NullMarked;
