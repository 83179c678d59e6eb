package io.innerspan.testing.models;

import java.util.List;

/**
 * What {@link InductionHead} does with a row of real tokens, known by construction: no model is run
 * for it.
 *
 * @param ids the row: 0 first and nowhere else
 */
public record InductionAnswers(List<Integer> ids) {
  /** What a head attends to. */
  public enum Kind {
    /** The token before; the first token attends to itself. Layer 0, head 0. */
    PREVIOUS,
    /** What followed the same token before, in equal shares; else the first. Layer 1, head 0. */
    INDUCTION,
    /** The first token: an attention sink. Head 1 of both layers. */
    SINK,
    /** Every token that is not later, alike. Head 2 of both layers. */
    UNIFORM,
    /** The token itself. Head 3 of both layers. */
    SELF
  }

  public InductionAnswers {
    ids = List.copyOf(ids);
    if (ids.isEmpty() || ids.get(0) != 0 || ids.lastIndexOf(0) != 0) {
      throw new IllegalArgumentException("expected token 0 first and nowhere else, found " + ids);
    }
  }

  public static Kind kind(int layer, int head) {
    return switch (head) {
      case 0 -> layer == 0 ? Kind.PREVIOUS : Kind.INDUCTION;
      case 1 -> Kind.SINK;
      case 2 -> Kind.UNIFORM;
      case 3 -> Kind.SELF;
      default -> throw new IllegalArgumentException("expected a head below 4, found " + head);
    };
  }

  /** The attention probabilities {@code [query][key]} of a head. */
  public double[][] pattern(int layer, int head) {
    double[][] pattern = new double[ids.size()][];
    for (int query = 0; query < pattern.length; query++) {
      pattern[query] = attention(kind(layer, head), query);
    }
    return pattern;
  }

  private double[] attention(Kind kind, int query) {
    double[] shares = new double[ids.size()];
    switch (kind) {
      case PREVIOUS -> shares[Math.max(0, query - 1)] = 1;
      case SINK -> shares[0] = 1;
      case SELF -> shares[query] = 1;
      case UNIFORM -> {
        for (int key = 0; key <= query; key++) {
          shares[key] = 1.0 / (query + 1);
        }
      }
      case INDUCTION -> {
        long matches = followers(query);
        for (int key = 0; key <= query; key++) {
          shares[key] = follows(key, query) ? 1.0 / matches : 0;
        }
        if (matches == 0) {
          shares[0] = 1;
        }
      }
    }
    return shares;
  }

  private boolean follows(int key, int query) {
    // The first token's predecessor is the first token itself: only it could ask for that.
    int before = ids.get(Math.max(0, key - 1));
    return before == ids.get(query);
  }

  private long followers(int query) {
    long count = 0;
    for (int key = 0; key <= query; key++) {
      count += follows(key, query) ? 1 : 0;
    }
    return count;
  }

  /** The logits at a position: shares of attention, each {@link InductionHead#CERTAIN_LOGIT}. */
  public double[] logits(int position) {
    double[] logits = new double[InductionHead.VOCABULARY];
    double[] shares = attention(Kind.INDUCTION, position);
    for (int key = 0; key <= position; key++) {
      logits[ids.get(key)] += InductionHead.CERTAIN_LOGIT * shares[key];
    }
    return logits;
  }

  /** The entropy of a head's attention at a query, in nats. */
  public double entropy(int layer, int head, int query) {
    double sum = 0;
    for (double share : attention(kind(layer, head), query)) {
      sum -= share == 0 ? 0 : share * Math.log(share);
    }
    return sum;
  }

  /** The share of a head's attention on the first token. */
  public double sinkShare(int layer, int head, int query) {
    return attention(kind(layer, head), query)[0];
  }

  /** How many tokens back a head looks from a query, on average. */
  public double distance(int layer, int head, int query) {
    double sum = 0;
    double[] shares = attention(kind(layer, head), query);
    for (int key = 0; key <= query; key++) {
      sum += shares[key] * (query - key);
    }
    return sum;
  }
}
