package io.innerspan.djl.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Whether the capture method gives what the original gives, told by the first inferences: both run
 * on the same inputs, the original answers, and every bit is compared. One per loaded block.
 * Thread-safe.
 *
 * <p>A model that keeps something from one inference to the next would notice that it runs twice:
 * it is not tried.
 */
public final class ScriptTrial {
  private static final int INFERENCES = 3;

  private final AtomicInteger left;

  /** A trial of a model that was loaded from the rewritten archive. */
  public ScriptTrial(RewrittenScript script) {
    left = new AtomicInteger(script.repeatable() ? INFERENCES : 0);
  }

  /** Whether the capture method may answer. */
  public boolean isOver() {
    return left.get() <= 0;
  }

  /**
   * Compares the outputs of one inference.
   *
   * @param original what the application gets
   * @param captured what the capture method gave, without what is hidden
   * @return where they differ, or null when every bit is the same
   */
  public @Nullable String compare(NDList original, NDList captured) {
    String difference = difference(original, captured);
    if (difference == null) {
      left.decrementAndGet();
    }
    return difference;
  }

  /** Where outputs differ, or null when every bit is the same. */
  static @Nullable String difference(NDList original, NDList captured) {
    if (original.size() != captured.size()) {
      return "expected outputs: " + original.size() + ", found " + captured.size();
    }
    for (int i = 0; i < original.size(); i++) {
      NDArray expected = original.get(i);
      // A dictionary's entries have names, and no order that is promised.
      NDArray named = expected.getName() == null ? null : captured.get(expected.getName());
      NDArray found = named == null ? captured.get(i) : named;
      if (!form(expected).equals(form(found))) {
        return "output " + i + ": expected " + form(expected) + ", found " + form(found);
      }
      if (expected.size() > 0 && !expected.toByteBuffer().equals(found.toByteBuffer())) {
        return "output " + i + ": expected the same bits, found others";
      }
    }
    return null;
  }

  private static String form(NDArray array) {
    String name = Objects.toString(array.getName(), "");
    return (name + ' ' + array.getDataType() + array.getShape()).strip();
  }
}
