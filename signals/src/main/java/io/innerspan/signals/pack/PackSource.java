package io.innerspan.signals.pack;

import java.nio.ByteBuffer;
import java.util.List;

/** Where a pack's files come from. */
interface PackSource {
  /** What to call the pack in errors. */
  String name();

  /**
   * The names of all files, checked or not, in alphabetical order.
   *
   * @throws PackException if they cannot be listed
   */
  List<String> names() throws PackException;

  /**
   * A whole file.
   *
   * @param file a checked name without folders
   * @throws PackException if there is no such file, it is a link, or larger than {@code maxBytes}
   */
  ByteBuffer read(String file, long maxBytes) throws PackException;
}
