package io.innerspan.testing.models;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import java.util.List;

/**
 * An input of a model and what it is for.
 *
 * @param dims numbers are fixed; others are symbols: {@code batch}, {@code sequence}, {@code past},
 *     {@code total} (past and sequence), {@code source} (an encoder's sequence)
 * @param limit token ids and positions are below it; 0 elsewhere
 */
public record ModelInput(String name, DataType type, List<String> dims, Role role, int limit) {
  /** What an input holds. */
  public enum Role {
    TOKENS,
    /** 1 for real tokens of a row, else 0. */
    MASK,
    /** Each token's place in its row, counted over real tokens. */
    POSITIONS,
    /** Normally distributed numbers. */
    NUMBERS,
    /** Keys or values of earlier tokens, {@code [batch, heads, past, head width]}: numbers too. */
    CACHE,
    /** All ones, or true. */
    ONES
  }

  public ModelInput {
    dims = List.copyOf(dims);
  }
}
