package io.innerspan.djl.javaagent;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.innerspan.djl.torchscript.CaptureRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A call of the PyTorch engine that loads an archive, repeated with another archive. Names no type
 * of the engine: applications on other engines do not have it.
 */
final class LoadCall {
  private final Method method;
  private final Object[] arguments;

  private LoadCall(Method method, Object[] arguments) {
    this.method = method;
    this.arguments = arguments;
  }

  /** Makes what is known of a module from the module. */
  interface Description {
    Readable of(Object module) throws ReflectiveOperationException;
  }

  /**
   * The application's call.
   *
   * @param arguments the engine's manager, the archive as a path or stream, and more
   */
  static LoadCall of(Object[] arguments) throws ReflectiveOperationException {
    Class<?> archive = arguments[1] instanceof Path ? Path.class : InputStream.class;
    Class<?> engine =
        Class.forName(
            "ai.djl.pytorch.jni.JniUtils", true, arguments[0].getClass().getClassLoader());
    for (Method method : engine.getMethods()) {
      if (method.getName().equals("loadModule")
          && method.getParameterCount() == arguments.length
          && method.getParameterTypes()[1] == archive) {
        return new LoadCall(method, arguments);
      }
    }
    throw new NoSuchMethodException("loadModule with " + arguments.length + " parameters");
  }

  /** The manager that the application loads with. */
  NDManager manager() {
    return (NDManager) arguments[0];
  }

  /**
   * Loads an archive for ourselves.
   *
   * @param manager which closes it
   * @throws CaptureRefusedException when the engine does not
   */
  Block copy(Path archive, NDManager manager) throws CaptureRefusedException {
    Object[] changed = arguments.clone();
    changed[0] = manager;
    try {
      if (changed[1] instanceof Path) {
        changed[1] = archive;
        return (Block) method.invoke(null, changed);
      }
      try (InputStream stream = Files.newInputStream(archive)) {
        changed[1] = stream;
        return (Block) method.invoke(null, changed);
      }
    } catch (InvocationTargetException e) {
      throw refused(e.getTargetException());
    } catch (ReflectiveOperationException | IOException e) {
      throw refused(e);
    }
  }

  private static CaptureRefusedException refused(Throwable failure) {
    return new CaptureRefusedException(
        CaptureRefusedException.Reason.ENGINE_REFUSED,
        failure.toString().lines().findFirst().orElse(""));
  }

  /** Loads another archive; what it gives is remembered by its description. */
  Object[] on(Path archive, Description description) throws Exception {
    Object[] changed = arguments.clone();
    if (changed[1] instanceof Path) {
      changed[1] = archive;
      return call(changed, description);
    }
    try (InputStream stream = Files.newInputStream(archive)) {
      changed[1] = stream;
      return call(changed, description);
    }
  }

  /** Loads from another stream. */
  Object[] on(InputStream stream, Description description) throws ReflectiveOperationException {
    Object[] changed = arguments.clone();
    changed[1] = stream;
    return call(changed, description);
  }

  private Object[] call(Object[] changed, Description description)
      throws ReflectiveOperationException {
    Object module;
    try {
      module = method.invoke(null, changed);
    } catch (InvocationTargetException e) {
      return Outcome.failure(e.getTargetException());
    }
    Models.loaded((Block) module, description.of(module));
    return Outcome.value(module);
  }
}
