package io.innerspan.signals;

/**
 * The one token of a row that is looked at.
 *
 * @param kind how it is found
 * @param tokenId the token's id in the vocabulary, or 0 for kinds without one
 * @param allReal whether, of a model without an attention mask, every token is taken for real
 */
public record Position(Kind kind, long tokenId, boolean allReal) {
  /** The first real token. */
  public static final Position FIRST = new Position(Kind.FIRST, 0, false);

  /** The last real token. */
  public static final Position LAST = new Position(Kind.LAST, 0, false);

  /** How a token is found. */
  public enum Kind {
    /** The first real one, such as {@code [CLS]}. */
    FIRST,
    /** The last real one: where a decoder predicts the next token. */
    LAST,
    /** The first with an id, such as {@code [MASK]}; a row without one has no reading. */
    TOKEN_ID
  }

  public Position {
    if (tokenId < 0 || (tokenId > 0 && kind != Kind.TOKEN_ID)) {
      throw new InvalidValueException("token_id", "one from 0 on, for token_id alone", tokenId);
    }
  }

  /** The same, for a model without an attention mask, where no application pads. */
  public Position withoutMask() {
    return new Position(kind, tokenId, true);
  }

  /** Which tokens it is looked for among. */
  TokenSelection tokens() {
    return allReal ? TokenSelection.ALL.withoutMask() : TokenSelection.ALL;
  }

  /** The first token with this id. */
  public static Position token(long id) {
    return new Position(Kind.TOKEN_ID, id, false);
  }
}
