package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.Map;

/**
 * A probe pack, to be read on the other side.
 *
 * @param name what to call it in messages
 * @param files their contents by name, which nobody changes
 */
public record PackFiles(String name, Map<String, byte[]> files) {
  public PackFiles {
    files = Map.copyOf(files);
  }
}
