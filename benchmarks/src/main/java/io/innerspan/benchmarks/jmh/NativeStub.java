package io.innerspan.benchmarks.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands where ONNX Runtime makes its native call. At first it makes that call and remembers the
 * outputs; from {@link #replay} on it answers with them at once, and what remains to be measured is
 * Java.
 *
 * <p>The model's outputs are shared by all replayed results, which do not own them. The reading is
 * a tensor of its own each time, as it is natively, because whoever takes it closes it.
 */
public final class NativeStub {
  private static final MethodHandle NATIVE = nativeRun();

  private static volatile @Nullable Thread observed;
  private static volatile Map<String, Output> outputs = Map.of();
  private static volatile boolean replaying;

  @SuppressWarnings("ArrayRecordComponent") // Never changed nor compared.
  private record Output(OnnxTensor shared, FloatBuffer values, long[] shape) {}

  /** Remembers the outputs of this thread's calls: a grafted session is certified in another. */
  static void observe(Thread caller) {
    observed = caller;
  }

  /** The columns of the reading that was remembered last; 0 without one. */
  static int readingColumns() {
    Output reading = outputs.get(OverlayCompiler.READING);
    return reading == null ? 0 : (int) reading.shape()[1];
  }

  /** Answers with what was remembered from now on. */
  static void replay() {
    replaying = true;
  }

  /** In place of the native method of the same name; see {@code OrtSession}. */
  public static boolean[] run(
      OrtSession session,
      long api,
      long handle,
      long allocator,
      String[] inputNames,
      long[] inputs,
      long inputCount,
      String[] outputNames,
      long outputCount,
      OnnxValue[] outputValues,
      long[] outputHandles,
      long options)
      throws OrtException {
    if (replaying) {
      return replay(outputNames, outputValues);
    }
    boolean[] owned;
    try {
      owned =
          (boolean[])
              NATIVE.invokeExact(
                  session,
                  api,
                  handle,
                  allocator,
                  inputNames,
                  inputs,
                  inputCount,
                  outputNames,
                  outputCount,
                  outputValues,
                  outputHandles,
                  options);
    } catch (OrtException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (Thread.currentThread().equals(observed)) {
      remember(outputNames, outputValues);
    }
    return owned;
  }

  private static boolean[] replay(String[] names, OnnxValue[] values) throws OrtException {
    boolean[] owned = new boolean[names.length];
    for (int i = 0; i < names.length; i++) {
      Output output = outputs.get(names[i]);
      if (output == null) {
        throw new IllegalStateException("expected a remembered output, found " + names[i]);
      }
      owned[i] = names[i].equals(OverlayCompiler.READING);
      values[i] = owned[i] ? tensor(output.values(), output.shape()) : output.shared();
    }
    return owned;
  }

  private static void remember(String[] names, OnnxValue[] values) throws OrtException {
    Map<String, Output> remembered = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      OnnxTensor tensor = (OnnxTensor) values[i];
      FloatBuffer heap = tensor.getFloatBuffer();
      FloatBuffer copy =
          ByteBuffer.allocateDirect(heap.remaining() * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      copy.put(heap).flip();
      long[] shape = tensor.getInfo().getShape();
      remembered.put(names[i], new Output(tensor(copy, shape), copy, shape));
    }
    outputs = remembered;
  }

  private static OnnxTensor tensor(FloatBuffer values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, shape);
  }

  private static MethodHandle nativeRun() {
    try {
      return MethodHandles.privateLookupIn(OrtSession.class, MethodHandles.lookup())
          .findVirtual(
              OrtSession.class,
              "run",
              MethodType.methodType(
                  boolean[].class,
                  long.class,
                  long.class,
                  long.class,
                  String[].class,
                  long[].class,
                  long.class,
                  String[].class,
                  long.class,
                  OnnxValue[].class,
                  long[].class,
                  long.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private NativeStub() {}
}
