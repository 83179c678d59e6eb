package io.innerspan.djl.torchscript;

import java.util.ArrayList;
import java.util.List;

/**
 * The attributes that lead from the root to a module.
 *
 * @param names none for the root itself
 */
record ModulePath(List<String> names) {
  static final ModulePath ROOT = new ModulePath(List.of());

  ModulePath {
    names = List.copyOf(names);
  }

  /** Reads {@code encoder/layer/0} or {@code encoder.layer.0}. */
  static ModulePath of(String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split("[./]", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return new ModulePath(names);
  }

  ModulePath child(String name) {
    List<String> longer = new ArrayList<>(names);
    longer.add(name);
    return new ModulePath(longer);
  }

  @Override
  public String toString() {
    return String.join("/", names);
  }
}
