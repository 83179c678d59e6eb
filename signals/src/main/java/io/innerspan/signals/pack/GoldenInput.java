package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.Tensor;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One batch of model inputs with what signals give for it: proof of model, hook point, tokenizer
 * policy and precision on the live session. Immutable.
 *
 * @param inputs the model's inputs by name, of type I64, I32 or F32, each {@code [rows, …]}
 * @param logits the raw logits by probe id, each {@code [rows]} or {@code [rows, 1]}, float
 * @param values the values of other signals by id, each {@code [rows, columns]} in the order of
 *     {@link io.innerspan.signals.Signal#columnNames}, float; NaN for no reading
 */
public record GoldenInput(
    Map<String, Tensor> inputs, Map<String, Tensor> logits, Map<String, Tensor> values) {
  private static final Set<DType> INPUT_TYPES = EnumSet.of(DType.I64, DType.I32, DType.F32);
  private static final int MAX_NAME = 512;

  public GoldenInput {
    inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    logits = Collections.unmodifiableMap(new TreeMap<>(logits));
    if (inputs.isEmpty() || (logits.isEmpty() && values.isEmpty())) {
      throw new InvalidValueException(
          "golden input",
          "inputs and logits or values",
          inputs.size() + " inputs and numbers of " + (logits.size() + values.size()) + " signals");
    }
    long rows = checkInputs("golden input", inputs);
    logits.forEach(
        (probe, tensor) -> Golden.checkLogits("golden logits of '" + probe + "'", tensor, rows));
    values.forEach(
        (signal, tensor) -> Golden.checkValues("golden values of '" + signal + "'", tensor, rows));
  }

  /** A batch with logits alone. */
  public GoldenInput(Map<String, Tensor> inputs, Map<String, Tensor> logits) {
    this(inputs, logits, Map.of());
  }

  /** The number of rows of the batch. */
  public int rows() {
    return (int) rowsOf(inputs.values().iterator().next());
  }

  /** Checks model inputs, of which there is at least one; returns the number of their rows. */
  static long checkInputs(String what, Map<String, Tensor> inputs) {
    if (inputs.isEmpty()) {
      throw new InvalidValueException(what, "at least 1 input", "0");
    }
    long rows = rowsOf(inputs.values().iterator().next());
    inputs.forEach((name, tensor) -> checkInput(what, name, tensor, rows));
    return rows;
  }

  private static void checkInput(String of, String name, Tensor tensor, long rows) {
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw new InvalidValueException(
          of, "a name of 1 to " + MAX_NAME + " characters", "'" + name + "'");
    }
    String what = of + " '" + name + "'";
    if (!INPUT_TYPES.contains(tensor.dtype())) {
      throw new InvalidValueException(what, "I64, I32 or F32", tensor.dtype());
    }
    if (rowsOf(tensor) != rows || tensor.elements() == 0) {
      throw new InvalidValueException(
          what, "at least 1 row and as many as the other inputs", tensor);
    }
    if (tensor.dtype() == DType.F32) {
      Golden.checkFloats(what, tensor);
    }
  }

  private static long rowsOf(Tensor tensor) {
    return tensor.rank() == 0 ? 0 : tensor.dim(0);
  }
}
