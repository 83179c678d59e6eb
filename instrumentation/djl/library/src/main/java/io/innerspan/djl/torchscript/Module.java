package io.innerspan.djl.torchscript;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module of an archive: a place in the tree, and its class.
 *
 * @param path from the root
 * @param type its class
 * @param classes all classes by name
 */
record Module(ModulePath path, ScriptClass type, Map<String, ScriptClass> classes) {
  /** The module that an attribute holds, or null. */
  @Nullable Module child(String attribute) {
    String name = type.modules().get(attribute);
    ScriptClass child = name == null ? null : classes.get(name);
    return child == null ? null : new Module(path.child(attribute), child, classes);
  }

  /** The module at a path from this one, or null. */
  @Nullable Module at(ModulePath relative) {
    Module module = this;
    for (String name : relative.names()) {
      module = module == null ? null : module.child(name);
    }
    return module;
  }

  @Nullable ScriptMethod forward() {
    return type.methods().get("forward");
  }
}
