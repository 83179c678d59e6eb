package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.TokenSelection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Of the real tokens of a row those that a signal looks at. Lies in the whole graph. */
final class TokenChoice {
  private final OverlayGraph whole;
  private final @Nullable TensorInfo ids;
  private final Scope.Tokens real;
  private Scope.@Nullable Tokens keys;
  private final Map<TokenSelection, Scope.Tokens> selected = new HashMap<>();

  /**
   * @param mask which tokens are real
   * @param ids the input of token ids, or null
   */
  TokenChoice(OverlayGraph whole, TokenMask mask, @Nullable TensorInfo ids) {
    this.whole = whole;
    this.ids = ids;
    this.real = Scope.Tokens.of(whole, mask);
  }

  /** All of them. */
  Scope.Tokens real() {
    return real;
  }

  /** All of them, and those of the cache before them: what attention can look at. */
  Scope.Tokens keys() {
    if (keys == null) {
      TokenMask mask = real.mask().withCached();
      keys = mask == real.mask() ? real : Scope.Tokens.of(whole, mask);
    }
    return keys;
  }

  /** All but those of excluded ids. */
  Scope.Tokens of(TokenSelection selection) {
    return selection.isAll()
        ? real
        : selected.computeIfAbsent(
            selection, any -> Scope.Tokens.of(whole, real.mask().without(ids(), selection)));
  }

  /** Those of one id. */
  Scope.Tokens ofId(long id) {
    return Scope.Tokens.of(whole, real.mask().only(ids(), id));
  }

  private TensorInfo ids() {
    if (ids == null) {
      throw new IllegalStateException("tokens are told by ids that the model does not take");
    }
    return ids;
  }
}
