package io.innerspan.signals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The features that a sparse autoencoder finds in a row.
 *
 * @param id the signal's id
 * @param hookPoint where the activation {@code [batch, tokens, width]} is read
 * @param tokens which of the real tokens take part
 * @param sae the autoencoder
 * @param scope whether tokens are encoded one by one
 * @param top how many of the strongest features are told, the lower index first among equals, 1 to
 *     64; where fewer are active, the rest have the activation 0
 * @param watched features whose activation is always told; may be empty
 * @param dictionary what features are called
 */
public record SaeFeatures(
    String id,
    HookPoint hookPoint,
    TokenSelection tokens,
    Sae sae,
    Scope scope,
    int top,
    List<Watched> watched,
    FeatureDictionary dictionary)
    implements Signal {
  private static final int MOST_TOP = 64;
  private static final int MOST_WATCHED = 1024;

  /** What is encoded. */
  public enum Scope {
    /** The mean activation of the tokens that take part. */
    POOLED,
    /**
     * Each token that takes part; a feature's activation is its largest, and the token where it
     * lies (the first of equals) is told by its position in the row, padding counted. The number of
     * active features and the reconstruction error are means over the tokens.
     */
    TOKENS;

    /** The name in packs and telemetry. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A feature by name.
   *
   * @param feature its index
   * @param name what the pack calls it: an id
   */
  public record Watched(int feature, String name) {
    public Watched {
      Checks.id(name);
    }
  }

  public SaeFeatures {
    Checks.id(id);
    Objects.requireNonNull(hookPoint, "hookPoint");
    Objects.requireNonNull(tokens, "tokens");
    watched = List.copyOf(watched);
    Checks.count("top", top, Math.min(MOST_TOP, sae.features()));
    if (watched.size() > MOST_WATCHED) {
      throw new InvalidValueException("watched", "at most " + MOST_WATCHED, watched.size());
    }
    Set<String> names = new HashSet<>();
    for (Watched each : watched) {
      if (each.feature() < 0 || each.feature() >= sae.features() || !names.add(each.name())) {
        throw new InvalidValueException(
            "watched", "features below " + sae.features() + " with names that differ", each);
      }
    }
    dictionary.requireBelow(sae.features());
  }

  /** Features of all real tokens that have no labels. */
  public SaeFeatures(
      String id, HookPoint hookPoint, Sae sae, Scope scope, int top, List<Watched> watched) {
    this(id, hookPoint, TokenSelection.ALL, sae, scope, top, watched, FeatureDictionary.NONE);
  }

  /** The column of the index of the feature at a rank, from 0 on. */
  public int feature(int rank) {
    return rank;
  }

  /** The column of the activation of the feature at a rank. */
  public int activation(int rank) {
    return top + rank;
  }

  /** The column of the token where the feature at a rank is strongest, if tokens are encoded. */
  public int token(int rank) {
    if (scope != Scope.TOKENS) {
      throw new IllegalStateException("a pooled activation has no token");
    }
    return 2 * top + rank;
  }

  /** The column of the number of active features, L0. */
  public int activeFeatures() {
    return (scope == Scope.TOKENS ? 3 : 2) * top;
  }

  /** The column of the reconstruction error {@code ‖x − x̂‖₂ / ‖x‖₂}. */
  public int reconstructionError() {
    return activeFeatures() + 1;
  }

  /** The column of a watched feature's activation. */
  public int watched(int index) {
    return activeFeatures() + 2 + index;
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>();
    add(names, "index");
    add(names, "activation");
    if (scope == Scope.TOKENS) {
      add(names, "token");
    }
    names.add("active_features");
    names.add("reconstruction_error");
    watched.forEach(each -> names.add("watched." + each.name()));
    return names;
  }

  private void add(List<String> names, String what) {
    for (int rank = 0; rank < top; rank++) {
      names.add("top." + rank + "." + what);
    }
  }
}
