package io.innerspan.signals;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What the heads of a layer attend to. p_ij is a head's attention from real token i to real token
 * j; each statistic is computed for every i that takes part, and the mean over these is the row's
 * value. Every real j counts, also those of excluded ids: attention on a BOS is attention.
 *
 * @param id the signal's id
 * @param hookPoint where the attention pattern {@code [batch, heads, tokens, tokens]} is read, such
 *     as {@code blocks.0.attn.hook_pattern}
 * @param tokens which of the real tokens i take part
 * @param heads how many the layer has
 * @param mayBreakFusion whether the pattern may be read where the engine would otherwise fuse the
 *     attention into one kernel, which makes the model slower
 */
public record AttentionSummary(
    String id, HookPoint hookPoint, TokenSelection tokens, int heads, boolean mayBreakFusion)
    implements Signal {
  private static final int MOST_HEADS = 1024;

  /** A statistic of one head. */
  public enum Statistic {
    /** {@code −Σ_j p_ij ln p_ij}, in nats. */
    ENTROPY,
    /** {@code p_i0}, the attention on the first real token: an attention sink takes most of it. */
    FIRST_TOKEN_SHARE,
    /** {@code Σ_j p_ij |i − j|}, in tokens. */
    MEAN_DISTANCE;

    /** The name in packs and telemetry. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public AttentionSummary {
    Checks.id(id);
    Objects.requireNonNull(hookPoint, "hookPoint");
    Objects.requireNonNull(tokens, "tokens");
    Checks.count("heads", heads, MOST_HEADS);
  }

  /** The summary over all real tokens. */
  public AttentionSummary(String id, HookPoint hookPoint, int heads, boolean mayBreakFusion) {
    this(id, hookPoint, TokenSelection.ALL, heads, mayBreakFusion);
  }

  /** The column of a head's statistic, from 0 on: all heads' entropies come first. */
  public int column(Statistic statistic, int head) {
    return statistic.ordinal() * heads + head;
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>();
    for (Statistic statistic : Statistic.values()) {
      for (int head = 0; head < heads; head++) {
        names.add("head." + head + "." + statistic.label());
      }
    }
    return names;
  }
}
