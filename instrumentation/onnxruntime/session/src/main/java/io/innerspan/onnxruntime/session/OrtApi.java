package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between the versions of ONNX Runtime's Java API, 1.12 to 1.29. */
final class OrtApi {
  /** {@code run(Map, Set, Map, RunOptions)}: 1.15 and newer; null before. */
  private static final @Nullable MethodHandle RUN_PINNED = runPinned();

  /** {@code Result.isResultOwner(int)}: 1.15 and newer; null before, when a result owns all. */
  private static final @Nullable MethodHandle IS_OWNER = isOwner();

  /** The package-private constructor of Result as {@code (String[], OnnxValue[], boolean[])}. */
  private static final @Nullable MethodHandle NEW_RESULT = newResult();

  /** The native calls of a session: its methods make them of open sessions only, or are advised. */
  private static final Set<String> NATIVE_CALLS =
      Set.of(
          "getNumInputs",
          "getInputNames",
          "getInputInfo",
          "getNumOutputs",
          "getOutputNames",
          "getOutputInfo",
          "run",
          "getProfilingStartTimeInNs",
          "endProfiling",
          "closeSession",
          "constructMetadata");

  private static final boolean SAFE_WHEN_CLOSED = hasKnownCallsOnly();

  private static final String VERSION = findVersion();

  /** The version of ONNX Runtime, or {@code unknown}. */
  static String version() {
    return VERSION;
  }

  /** Whether a Result can be built without our output; where not, nothing can be grafted. */
  static boolean canBuildResults() {
    return NEW_RESULT != null;
  }

  /**
   * Whether a session that an application holds can be closed under it: ONNX Runtime has no native
   * call that this library does not know to answer.
   */
  static boolean isSafeWhenClosed() {
    return SAFE_WHEN_CLOSED;
  }

  static OrtSession.Result run(
      OrtSession session,
      Map<String, OnnxTensor> inputs,
      Set<String> requested,
      @Nullable Map<String, OnnxValue> pinned,
      OrtSession.@Nullable RunOptions options)
      throws OrtException {
    if (pinned == null || RUN_PINNED == null) {
      return session.run(inputs, requested, options);
    }
    try {
      return (OrtSession.Result)
          RUN_PINNED.invokeExact(session, inputs, requested, pinned, options);
    } catch (OrtException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean isOwner(OrtSession.Result result, int index) {
    if (IS_OWNER == null) {
      return true;
    }
    try {
      return (boolean) IS_OWNER.invokeExact(result, index);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static OrtSession.Result newResult(String[] names, OnnxValue[] values, boolean[] owned) {
    if (NEW_RESULT == null) {
      throw new IllegalStateException(
          "this version of ONNX Runtime has no known Result constructor");
    }
    try {
      return (OrtSession.Result) NEW_RESULT.invokeExact(names, values, owned);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean hasKnownCallsOnly() {
    try {
      return Arrays.stream(OrtSession.class.getDeclaredMethods())
          .filter(method -> Modifier.isNative(method.getModifiers()))
          .filter(method -> !Modifier.isStatic(method.getModifiers()))
          .allMatch(method -> NATIVE_CALLS.contains(method.getName()));
    } catch (RuntimeException | LinkageError e) {
      return false;
    }
  }

  private static @Nullable MethodHandle runPinned() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(
              OrtSession.class,
              "run",
              MethodType.methodType(
                  OrtSession.Result.class,
                  Map.class,
                  Set.class,
                  Map.class,
                  OrtSession.RunOptions.class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  private static @Nullable MethodHandle isOwner() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(
              OrtSession.Result.class,
              "isResultOwner",
              MethodType.methodType(boolean.class, int.class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  private static @Nullable MethodHandle newResult() {
    try {
      return unreflect(String[].class, OnnxValue[].class, boolean[].class);
    } catch (ReflectiveOperationException | RuntimeException newer) {
      try {
        return MethodHandles.dropArguments(
            unreflect(String[].class, OnnxValue[].class), 2, boolean[].class);
      } catch (ReflectiveOperationException | RuntimeException older) {
        return null;
      }
    }
  }

  private static MethodHandle unreflect(Class<?>... parameters)
      throws ReflectiveOperationException {
    Constructor<?> constructor = OrtSession.Result.class.getDeclaredConstructor(parameters);
    constructor.setAccessible(true);
    return MethodHandles.lookup().unreflectConstructor(constructor);
  }

  private static String findVersion() {
    Package ort = OrtSession.class.getPackage();
    String version = ort == null ? null : ort.getImplementationVersion();
    if (version != null) {
      return version;
    }
    try {
      return (String)
          OrtEnvironment.class.getMethod("getVersion").invoke(OrtEnvironment.getEnvironment());
    } catch (ReflectiveOperationException | RuntimeException e) {
      return "unknown";
    }
  }

  private OrtApi() {}
}
