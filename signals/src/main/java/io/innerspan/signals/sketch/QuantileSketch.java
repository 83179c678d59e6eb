package io.innerspan.signals.sketch;

import io.innerspan.signals.InvalidValueException;

/**
 * Quantiles of a stream of finite numbers with a bounded relative error, in bounded memory; two
 * sketches merge into the one that would have seen both streams. Bucket i holds the values in
 * (γ^(i−1), γ^i] with γ = (1 + α) / (1 − α). Not thread-safe.
 *
 * <p>Where the values of one sign span more than {@value #MAX_BUCKETS} buckets, the smallest in
 * magnitude share one bucket, and only their quantiles lose accuracy; with an error of 1 % that is
 * more than 17 decades. Values nearer to 0 than {@value #SMALLEST} count as 0.
 *
 * <p>Source: Masson, Rim, Lee, <a href="https://arxiv.org/abs/1908.10693">DDSketch</a> (2019).
 */
public final class QuantileSketch {
  /** No sketch holds more buckets per sign. */
  public static final int MAX_BUCKETS = 2048;

  private static final double SMALLEST = 1e-9;

  private final double accuracy;
  private final double logGamma;
  private final Store positive = new Store();
  private final Store negative = new Store();
  private long zeros;
  private long count;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  /**
   * @param accuracy the relative error of a quantile, in (0, 0.5)
   */
  public QuantileSketch(double accuracy) {
    if (!(accuracy > 0 && accuracy < 0.5)) {
      throw new InvalidValueException("accuracy", "a number above 0 and below 0.5", accuracy);
    }
    this.accuracy = accuracy;
    this.logGamma = Math.log((1 + accuracy) / (1 - accuracy));
  }

  /** Takes a value; what is not finite is left out. */
  public void add(double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    count++;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (value > SMALLEST) {
      positive.add(bucket(value), 1);
    } else if (value < -SMALLEST) {
      negative.add(bucket(-value), 1);
    } else {
      zeros++;
    }
  }

  /**
   * Takes what another sketch has seen.
   *
   * @throws IllegalArgumentException if the other one has another accuracy
   */
  public void merge(QuantileSketch other) {
    if (other.accuracy != accuracy) {
      throw new InvalidValueException("accuracy", "this sketch's, " + accuracy, other.accuracy);
    }
    positive.merge(other.positive);
    negative.merge(other.negative);
    zeros += other.zeros;
    count += other.count;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  /** How many values it has seen. */
  public long count() {
    return count;
  }

  /**
   * The value below which a share of the values lies; NaN while there is none.
   *
   * @param share in [0, 1]
   */
  public double quantile(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new InvalidValueException("share", "a number from 0 to 1", share);
    }
    if (count == 0) {
      return Double.NaN;
    }
    long rank = (long) (share * (count - 1));
    if (rank == 0 || rank == count - 1) {
      return rank == 0 ? min : max;
    }
    double value;
    if (rank < negative.total) {
      value = -middle(negative.at(negative.total - 1 - rank));
    } else if (rank < negative.total + zeros) {
      value = 0;
    } else {
      value = middle(positive.at(rank - negative.total - zeros));
    }
    return Math.max(min, Math.min(max, value));
  }

  /** The bucket of a positive value. */
  int bucket(double value) {
    return (int) Math.ceil(Math.log(value) / logGamma);
  }

  /** The value with the same relative distance to both ends of a bucket. */
  double middle(int bucket) {
    return 2 * Math.exp(bucket * logGamma) / (Math.exp(logGamma) + 1);
  }

  /** Counts by bucket, in a row of consecutive ones. */
  private static final class Store {
    private static final int SLACK = 32;

    private long[] counts = new long[0];
    private int first;
    private int top = Integer.MIN_VALUE;
    private long total;

    void add(int bucket, long times) {
      top = Math.max(top, bucket);
      int kept = Math.max(bucket, top - MAX_BUCKETS + 1);
      if (kept < first || kept >= first + counts.length) {
        cover(kept);
      }
      counts[kept - first] += times;
      total += times;
    }

    /** Makes room for a bucket; what lies too far below the highest one is put together. */
    private void cover(int bucket) {
      boolean empty = counts.length == 0;
      int lowest = empty ? bucket : Math.min(first, bucket - SLACK);
      int highest = empty ? bucket + SLACK : Math.max(first + counts.length - 1, bucket + SLACK);
      int from = Math.max(lowest, top - MAX_BUCKETS + 1);
      long[] wider = new long[highest - from + 1];
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] != 0) {
          wider[Math.max(0, first + i - from)] += counts[i];
        }
      }
      counts = wider;
      first = from;
    }

    void merge(Store other) {
      for (int i = 0; i < other.counts.length; i++) {
        if (other.counts[i] != 0) {
          add(other.first + i, other.counts[i]);
        }
      }
    }

    /** The bucket that holds the value of this rank, counted from the smallest, from 0. */
    int at(long rank) {
      long seen = 0;
      int bucket = first;
      for (int i = 0; i < counts.length && seen <= rank; i++) {
        seen += counts[i];
        bucket = first + i;
      }
      return bucket;
    }
  }
}
