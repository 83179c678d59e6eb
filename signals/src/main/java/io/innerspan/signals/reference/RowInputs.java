package io.innerspan.signals.reference;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Position;
import io.innerspan.signals.TokenSelection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What signals read of one row of a batch, as it was tapped from the model: arrays include padding.
 * Filled by its own methods, which may be called in any order; arrays are not copied. Asking for
 * what was not given is an {@link InvalidValueException}.
 *
 * <pre>{@code
 * RowInputs row = RowInputs.of().mask(mask).ids(ids).activation(hookPoint, activation);
 * double[] values = ReferenceSignal.values(signal, row);
 * }</pre>
 */
public final class RowInputs {
  private final Map<HookPoint, float[][]> activations = new HashMap<>();
  private final Map<HookPoint, float[][][]> attentions = new HashMap<>();
  private final Map<HookPoint, float[][]> tokenLogits = new HashMap<>();
  private final Map<HookPoint, float[]> rowLogits = new HashMap<>();
  private long @Nullable [] mask;
  private long @Nullable [] ids;
  private @Nullable ModelTail tail;

  private RowInputs() {}

  /** A row of which nothing is known yet. */
  public static RowInputs of() {
    return new RowInputs();
  }

  /** The row of the attention mask, {@code [tokens]}: 0 is padding. Without it all are real. */
  public RowInputs mask(long[] mask) {
    this.mask = mask;
    return this;
  }

  /** The row's token ids, {@code [tokens]}, for signals that exclude some or look for one. */
  public RowInputs ids(long[] ids) {
    this.ids = ids;
    return this;
  }

  /** The activation {@code [tokens][width]} at a hook point. */
  public RowInputs activation(HookPoint hookPoint, float[][] activation) {
    activations.put(hookPoint, activation);
    return this;
  }

  /** The attention pattern {@code [heads][tokens][tokens]}, from the token first named. */
  public RowInputs attention(HookPoint hookPoint, float[][][] pattern) {
    attentions.put(hookPoint, pattern);
    return this;
  }

  /** The model's logits {@code [tokens][answers]}. */
  public RowInputs logits(HookPoint output, float[][] logits) {
    tokenLogits.put(output, logits);
    return this;
  }

  /** The model's logits {@code [answers]}, which have no tokens. */
  public RowInputs logits(HookPoint output, float[] logits) {
    rowLogits.put(output, logits);
    return this;
  }

  /** The model's tail, which a {@link io.innerspan.signals.LayerLens} applies to each layer. */
  public RowInputs tail(ModelTail tail) {
    this.tail = tail;
    return this;
  }

  float[][] activation(HookPoint hookPoint) {
    return known("activation", hookPoint, activations.get(hookPoint));
  }

  float[][][] attention(HookPoint hookPoint) {
    return known("attention", hookPoint, attentions.get(hookPoint));
  }

  ModelTail tail() {
    if (tail == null) {
      throw new InvalidValueException("row", "the model's tail", "none");
    }
    return tail;
  }

  /** The real tokens of those that were tapped. */
  TokenMask real(int tokens) {
    return select(TokenSelection.ALL, tokens);
  }

  /** The tokens that take part, of those that were tapped. */
  TokenMask select(TokenSelection selection, int tokens) {
    boolean[] selected = new boolean[tokens];
    long[] ids = selection.isAll() ? null : ids(tokens);
    for (int token = 0; token < tokens; token++) {
      selected[token] =
          (mask == null || mask(tokens)[token] != 0)
              && (ids == null || selection.includes(ids[token]));
    }
    return new TokenMask(selected, tokens);
  }

  /**
   * The model's logits at a position.
   *
   * @return null if the row has no such token
   */
  double @Nullable [] logits(HookPoint output, Position position) {
    float[] row = rowLogits.get(output);
    if (row != null) {
      return isEmpty() ? null : doubles(row);
    }
    float[][] tokens = known("logits", output, tokenLogits.get(output));
    int token = find(position, tokens.length);
    return token < 0 ? null : doubles(tokens[token]);
  }

  /** The position of the token among those of {@code tokens}, or −1. */
  int find(Position position, int tokens) {
    TokenMask real = real(tokens);
    if (real.count() == 0) {
      return -1;
    }
    return switch (position.kind()) {
      case FIRST -> real.first();
      case LAST -> real.last();
      case TOKEN_ID -> {
        long[] ids = ids(tokens);
        int token = real.first();
        while (token < tokens && !(real.isReal(token) && ids[token] == position.tokenId())) {
          token++;
        }
        yield token < tokens ? token : -1;
      }
    };
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** Whether all tokens are padding. */
  private boolean isEmpty() {
    return mask != null && new TokenMask(ReferenceSignal.real(mask), mask.length).count() == 0;
  }

  private long[] ids(int tokens) {
    return perToken("ids", ids, tokens);
  }

  private long[] mask(int tokens) {
    return perToken("mask", mask, tokens);
  }

  private static long[] perToken(String what, long @Nullable [] values, int tokens) {
    if (values == null || values.length != tokens) {
      throw new InvalidValueException(
          what, tokens + " tokens", values == null ? "none" : values.length);
    }
    return values;
  }

  private static <T> T known(String what, HookPoint hookPoint, @Nullable T value) {
    if (value == null) {
      throw new InvalidValueException("row", what + " at " + hookPoint, "none");
    }
    return value;
  }
}
