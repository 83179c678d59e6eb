package io.innerspan.onnxruntime.graft;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what tells the real tokens of an activation, or why nothing does.
 *
 * <p>An activation that depends on no token ids and no mask has nothing but real positions: those
 * of an image or a signal. One that depends on token ids needs a mask, for the ids do not tell
 * padding. A decoder in a graph of its own often has no other mask than that of the encoder's
 * output, which tells nothing of the decoder's tokens.
 */
final class TokenSources {
  private static final String NO_MASK =
      "no attention mask: the model has no single input such as attention_mask or input_mask";

  /** A source, or why there is none. Exactly one of them is null. */
  record Result(@Nullable TokenSource source, @Nullable String refusal, boolean withoutMask) {
    static Result of(TokenSource source) {
      return new Result(source, null, false);
    }

    static Result refused(String reason) {
      return new Result(null, reason, false);
    }

    static Result noMask(String reason) {
      return new Result(null, reason, true);
    }
  }

  private final List<TensorInfo> inputs;
  private final List<TensorInfo> masks;
  private final List<TensorInfo> masksOfMemory;
  private final boolean severalStacks;
  private final @Nullable KvCache cache;
  private final Reach reach;
  private final Map<String, Result> found = new ConcurrentHashMap<>();

  TokenSources(List<TensorInfo> inputs, int stacks, @Nullable KvCache cache, Reach reach) {
    this.inputs = inputs;
    this.masks = MaskFinder.all(inputs);
    this.severalStacks = stacks > 1;
    this.cache = cache;
    this.reach = reach;
    this.masksOfMemory = masks.stream().filter(this::isOfMemory).toList();
  }

  /** Whether a mask tells of tokens that another graph made activations of. */
  boolean isMaskOfMemory(TensorInfo mask) {
    return masksOfMemory.contains(mask);
  }

  /** The source of an activation that has more than one token or position per row. */
  Result of(TapPoint tap) {
    return found.computeIfAbsent(tap.tensor().name(), name -> find(tap));
  }

  private Result find(TapPoint tap) {
    String tensor = tap.tensor().name();
    Set<String> before = reach.before(tensor);
    List<TensorInfo> read = inputs.stream().filter(input -> before.contains(input.name())).toList();
    boolean ids = read.stream().anyMatch(input -> areIds(input) && !masksOfMemory.contains(input));
    List<TensorInfo> own =
        masks.stream().filter(mask -> !ids || !masksOfMemory.contains(mask)).toList();
    List<TensorInfo> related =
        own.stream().filter(mask -> isRelated(mask, own, read, ids)).toList();
    if (related.isEmpty()) {
      // One token per row has no padding.
      boolean padded =
          read.stream()
              .anyMatch(
                  input -> areIds(input) && !isColumn(input) && !masksOfMemory.contains(input));
      return padded ? Result.noMask(noMask()) : Result.of(new TokenSource(null, false));
    }
    if (tap.layout() == TapPoint.Layout.CHANNELS) {
      return Result.refused(
          "the tokens are no dimension of their own: " + tap.tensor().shapeText());
    }
    return masked(tap.tensor(), related, ids);
  }

  private Result masked(TensorInfo tensor, List<TensorInfo> related, boolean ids) {
    if (MaskFinder.hasCache(inputs) && cache == null) {
      return Result.refused(
          "the attention mask spans cached tokens too, expected a cache that new keys and values"
              + " are appended to");
    }
    List<TensorInfo> same =
        related.stream().filter(mask -> sameTokens(mask, tokens(tensor))).toList();
    if (same.size() == 1) {
      return Result.of(new TokenSource(same.get(0), cache != null));
    }
    if (related.size() > 1) {
      return Result.noMask(
          "more than one mask might be the one of "
              + tensor.shapeText()
              + ": "
              + String.join(", ", related.stream().map(TensorInfo::name).toList()));
    }
    TensorInfo mask = related.get(0);
    // With one stream of tokens and one mask there is no doubt, whatever the dimensions are called.
    return ids && !severalStacks
        ? Result.of(new TokenSource(mask, cache != null))
        : Result.noMask(
            "the mask "
                + mask.name()
                + " "
                + mask.shapeText()
                + " may count other tokens than the activation "
                + tensor.shapeText());
  }

  private String noMask() {
    return masks.isEmpty()
        ? NO_MASK
        : "no attention mask for these tokens, only "
            + String.join(", ", masks.stream().map(TensorInfo::name).toList());
  }

  /** Whether a mask is about the inputs that an activation is computed from. */
  private boolean isRelated(
      TensorInfo mask, List<TensorInfo> own, List<TensorInfo> read, boolean ids) {
    return read.contains(mask)
        || (ids && own.size() == 1 && !severalStacks)
        || read.stream()
            .anyMatch(
                input ->
                    input.rank() >= 2 && sameTokens(mask, second(input)) && !masks.contains(input));
  }

  /**
   * Whether a mask tells of tokens that another graph made activations of, which this one attends
   * to: by its name, or because it is as long as they are and not as long as this graph's own ids.
   */
  private boolean isOfMemory(TensorInfo mask) {
    List<TensorInfo> memories = inputs.stream().filter(this::isMemory).toList();
    List<TensorInfo> ids =
        inputs.stream().filter(input -> areIds(input) && !masks.contains(input)).toList();
    if (memories.isEmpty() || ids.isEmpty()) {
      return false;
    }
    return mask.name().toLowerCase(Locale.ROOT).contains("encoder_")
            && !mask.name().toLowerCase(Locale.ROOT).contains("decoder_")
        || (memories.stream().anyMatch(memory -> sameTokens(mask, lengthOf(memory)))
            && ids.stream().noneMatch(input -> sameTokens(mask, second(input))));
  }

  /** Whether an input may be an encoder's output, or keys and values made of it. */
  boolean isMemory(TensorInfo input) {
    return (input.rank() == 3 || input.rank() == 4)
        && !input.type().isInteger()
        && (cache == null || !cache.pastInputs().contains(input));
  }

  private static @Nullable Dimension lengthOf(TensorInfo memory) {
    return memory.shape() == null ? null : memory.shape().get(memory.rank() - 2);
  }

  /** The dimension of an activation, or of the queries of an attention pattern. */
  private static @Nullable Dimension tokens(TensorInfo tensor) {
    return tensor.rank() == 4 && tensor.shape() != null ? tensor.shape().get(2) : second(tensor);
  }

  /** Whether dimensions are the same by name or size, as far as the model tells. */
  private static boolean sameTokens(TensorInfo mask, @Nullable Dimension others) {
    Dimension tokens = second(mask);
    if (tokens == null || others == null) {
      return false;
    }
    return tokens.isFixed()
        ? tokens.size() == others.size()
        : tokens.symbol() != null && Objects.equals(tokens.symbol(), others.symbol());
  }

  private static @Nullable Dimension second(TensorInfo tensor) {
    return tensor.shape() == null || tensor.rank() < 2 ? null : tensor.shape().get(1);
  }

  /** Whether an input may hold token ids; one number per row or run is something else. */
  private static boolean areIds(TensorInfo input) {
    return input.type().isInteger() && (input.rank() < 0 || input.rank() >= 2);
  }

  private static boolean isColumn(TensorInfo input) {
    Dimension second = second(input);
    return second != null && second.size() == 1;
  }
}
