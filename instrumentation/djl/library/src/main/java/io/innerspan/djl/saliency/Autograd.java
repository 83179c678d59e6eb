package io.innerspan.djl.saliency;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;

/**
 * The gradients of DJL's PyTorch engine, without a {@code GradientCollector}: that locks the whole
 * process, and an application that trains has one of its own. Names no type of the engine:
 * applications on other engines do not have it.
 *
 * <p>The gradient mode is a thread's own, and is always set back. Nothing here asks an array
 * without gradient for one: some of the engine's methods end the JVM when asked.
 */
final class Autograd {
  private final MethodHandle isOn;
  private final MethodHandle set;
  private final MethodHandle backward;
  private final MethodHandle forward;
  private final MethodHandle evaluate;

  private Autograd(Class<?> engine, Class<?> array, Class<?> runs, Class<?> module)
      throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    isOn = lookup.findStatic(engine, "isGradMode", MethodType.methodType(boolean.class));
    set =
        lookup.findStatic(engine, "setGradMode", MethodType.methodType(void.class, boolean.class));
    backward =
        lookup
            .findStatic(
                engine,
                "backward",
                MethodType.methodType(void.class, array, array, boolean.class, boolean.class))
            .asType(
                MethodType.methodType(
                    void.class, NDArray.class, NDArray.class, boolean.class, boolean.class));
    forward =
        lookup
            .findStatic(
                runs,
                "forward",
                MethodType.methodType(NDList.class, module, NDList.class, boolean.class))
            .asType(MethodType.methodType(NDList.class, Block.class, NDList.class, boolean.class));
    evaluate =
        lookup
            .findStatic(engine, "enableInferenceMode", MethodType.methodType(void.class, module))
            .asType(MethodType.methodType(void.class, Block.class));
  }

  /**
   * That of an engine.
   *
   * @throws SaliencyRefusedException when it has none that we know
   */
  static Autograd of(Engine engine) throws SaliencyRefusedException {
    String name = engine.getEngineName();
    if (!name.equals("PyTorch")) {
      throw new SaliencyRefusedException("expected the engine PyTorch, found " + name);
    }
    ClassLoader loader = engine.getClass().getClassLoader();
    try {
      return new Autograd(
          Class.forName("ai.djl.pytorch.jni.JniUtils", true, loader),
          Class.forName("ai.djl.pytorch.engine.PtNDArray", true, loader),
          Class.forName("ai.djl.pytorch.jni.IValueUtils", true, loader),
          Class.forName("ai.djl.pytorch.engine.PtSymbolBlock", true, loader));
    } catch (ReflectiveOperationException e) {
      throw new SaliencyRefusedException(
          "expected an engine whose gradients are known, found PyTorch " + engine.getVersion(), e);
    }
  }

  /** Works with gradients being recorded in this thread, or not. */
  <T> T recording(boolean on, Supplier<T> work) {
    boolean before = (boolean) call(isOn);
    call(set, on);
    try {
      return work.get();
    } finally {
      call(set, before);
    }
  }

  /** Has the layers of a TorchScript module behave as in inference. */
  void evaluating(Block module) {
    call(evaluate, module);
  }

  /** Runs a TorchScript module that was loaded with gradients; its mode stays as it is. */
  NDList run(Block module, NDList inputs) {
    return (NDList) call(forward, module, inputs, true);
  }

  /**
   * The gradient of a number by one of the arrays that it came from.
   *
   * @throws IllegalStateException when the array has none
   * @throws ai.djl.engine.EngineException when the number came from no array that has one
   */
  NDArray gradient(NDArray number, NDArray by) {
    if (!by.hasGradient()) {
      throw new IllegalStateException("expected an array with a gradient, found one without");
    }
    try (NDArray one = number.onesLike()) {
      call(backward, number, one, false, false);
    }
    return by.getGradient();
  }

  private static Object call(MethodHandle method, Object... arguments) {
    try {
      return method.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
