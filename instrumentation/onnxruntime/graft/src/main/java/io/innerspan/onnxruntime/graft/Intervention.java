package io.innerspan.onnxruntime.graft;

import java.util.Arrays;

/** What one run does to the activation at one site. Immutable; arrays are copied. */
public sealed interface Intervention {
  /** Where. */
  Site site();

  /** Which of the activation's values. */
  Selection selection();

  /**
   * Puts another run's activation in place of this run's: activation patching (Meng et al. 2022,
   * arXiv 2202.05262, "causal tracing").
   *
   * @param values row-major
   * @param shape the activation's rank; each size is that of the run, or 1 for values that repeat
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Patch(Site site, Selection selection, float[] values, long[] shape)
      implements Intervention {
    public Patch {
      requireEdit(site, Site.Edit.REPLACE);
      values = values.clone();
      shape = shape.clone();
      long expected = 1;
      for (long size : shape) {
        if (size < 1) {
          throw new IllegalArgumentException(
              site + ": expected sizes of 1 or more, found " + Arrays.toString(shape));
        }
        expected = Math.multiplyExact(expected, size);
      }
      if (expected != values.length) {
        throw new IllegalArgumentException(
            site
                + ": expected "
                + expected
                + " values for the shape "
                + Arrays.toString(shape)
                + ", found "
                + values.length);
      }
    }
  }

  /**
   * Puts the same values in place of the activation's at every position.
   *
   * @param values one for all of the activation, or as many as its last axis has, such as its mean
   *     over a data set
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Ablate(Site site, Selection selection, float[] values) implements Intervention {
    public Ablate {
      requireEdit(site, Site.Edit.REPLACE);
      values = values.clone();
      requireValues(site, values);
    }

    /** Ablation with zero. */
    public static Ablate zero(Site site, Selection selection) {
      return new Ablate(site, selection, new float[] {0});
    }
  }

  /**
   * Adds a direction to the activation: steering (Turner et al. 2023, arXiv 2308.10248).
   *
   * @param strength what the direction is multiplied by, in single precision
   * @param direction as many values as the activation's last axis has
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Steer(Site site, Selection selection, float strength, float[] direction)
      implements Intervention {
    public Steer {
      requireEdit(site, Site.Edit.ADD);
      direction = direction.clone();
      requireValues(site, direction);
    }
  }

  private static void requireEdit(Site site, Site.Edit expected) {
    if (site.edit() != expected) {
      throw new IllegalArgumentException(
          site + ": expected a site of the kind " + expected + ", found " + site.edit());
    }
  }

  private static void requireValues(Site site, float[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException(site + ": expected at least one value, found none");
    }
  }
}
