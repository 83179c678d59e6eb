package io.innerspan.djl.archive;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A module to be written: its class and what its attributes hold, in their order: {@link
 * FloatTensor}s, other modules, booleans, whole numbers and texts.
 */
public final class ModuleObject {
  private final String qualifiedClass;
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  /**
   * A module in evaluation mode.
   *
   * @param qualifiedClass such as {@code __torch__.net.Linear}, defined in {@code __torch__/net.py}
   */
  public ModuleObject(String qualifiedClass) {
    this.qualifiedClass = qualifiedClass;
    attributes.put("training", false);
  }

  public ModuleObject with(String name, FloatTensor value) {
    attributes.put(name, value);
    return this;
  }

  public ModuleObject with(String name, ModuleObject value) {
    attributes.put(name, value);
    return this;
  }

  public ModuleObject with(String name, long value) {
    attributes.put(name, value);
    return this;
  }

  /** The class's qualified name. */
  public String qualifiedClass() {
    return qualifiedClass;
  }

  Map<String, Object> attributes() {
    return Collections.unmodifiableMap(attributes);
  }
}
