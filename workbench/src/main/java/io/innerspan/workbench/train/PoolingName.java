package io.innerspan.workbench.train;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.BadInput;
import java.util.Arrays;

/** Poolings as the command names them: {@code max}, {@code ema}, {@code top_k_mean=3}. */
public final class PoolingName {
  private static final int TOP_K = 5;

  /** As in arXiv 2601.11516. */
  private static final int WINDOW = 10;

  /** As in arXiv 2601.04603. */
  private static final double ALPHA = 0.5;

  /**
   * The pooling of a name.
   *
   * @throws BadInput when there is none, or its parameter cannot be
   */
  public static Pooling parse(String name) {
    int equals = name.indexOf('=');
    String label = (equals < 0 ? name : name.substring(0, equals)).replace('-', '_');
    for (Pooling.Kind kind : Pooling.Kind.values()) {
      if (kind.label().equals(label) && (equals < 0 || kind.parameter() != null)) {
        return equals < 0 ? usual(kind) : of(kind, name, name.substring(equals + 1));
      }
    }
    throw new BadInput(
        "--pooling: expected one of "
            + Arrays.stream(Pooling.Kind.values()).map(PoolingName::form).toList()
            + ", found '"
            + name
            + "'");
  }

  /** The name of a pooling, for the same pooling again. */
  static String of(Pooling pooling) {
    String label = pooling.kind().label();
    if (pooling.equals(usual(pooling.kind()))) {
      return label;
    }
    double parameter = pooling.parameter();
    boolean whole = parameter == Math.rint(parameter);
    return label + "=" + (whole ? Long.toString((long) parameter) : Double.toString(parameter));
  }

  private static Pooling usual(Pooling.Kind kind) {
    return new Pooling(
        kind,
        switch (kind) {
          case TOP_K_MEAN -> TOP_K;
          case ROLLING_MAX -> WINDOW;
          case SOFTMAX -> 1;
          case EMA -> ALPHA;
          case MEAN, LAST, CLS, MAX -> 0;
        });
  }

  private static Pooling of(Pooling.Kind kind, String name, String parameter) {
    try {
      return new Pooling(kind, Double.parseDouble(parameter));
    } catch (NumberFormatException e) {
      throw new BadInput(
          "--pooling: expected a number as the "
              + kind.parameter()
              + " of "
              + kind.label()
              + ", found '"
              + name
              + "'");
    } catch (InvalidValueException e) {
      throw new BadInput("--pooling " + name + ": " + e.getMessage());
    }
  }

  private static String form(Pooling.Kind kind) {
    String parameter = kind.parameter();
    return parameter == null ? kind.label() : kind.label() + "[=" + parameter + "]";
  }

  private PoolingName() {}
}
