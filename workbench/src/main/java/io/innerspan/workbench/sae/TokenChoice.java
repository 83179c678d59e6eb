package io.innerspan.workbench.sae;

import io.innerspan.signals.TokenSelection;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.store.StoreTexts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Which tokens of a store take part: those of texts on one side of the split, without those that
 * the autoencoder leaves out. Texts of one group, and copies of one text in whatever spacing and
 * case, are on one side, which depends on the group's name or else the text's content alone.
 */
public final class TokenChoice {
  private static final int BUCKETS = 10_000;

  private final StoreTexts texts;
  private final TokenSelection tokens;
  private final boolean[] heldOut;
  private final List<String> units;

  /**
   * @param tokens which ids take part
   * @param share of the texts that are held out, 0 to below 1
   */
  public TokenChoice(StoreTexts texts, TokenSelection tokens, double share) {
    this.texts = texts;
    this.tokens = tokens;
    heldOut = new boolean[texts.size()];
    units = TextUnits.of(texts);
    for (int i = 0; i < heldOut.length; i++) {
      byte[] unit = units.get(i).getBytes(StandardCharsets.UTF_8);
      String digest = Digests.sha256(ByteBuffer.wrap(unit));
      long bucket = Long.parseLong(digest.substring(0, 8), 16) % BUCKETS;
      heldOut[i] = bucket < share * BUCKETS;
    }
  }

  /** All tokens but those that the tokenizer added. */
  public static TokenSelection withoutSpecial(StoreTexts texts) {
    TreeSet<Long> ids = new TreeSet<>();
    for (int token = 0; token < texts.rows().count(); token++) {
      if (texts.isSpecial(token)) {
        ids.add(texts.id(token));
      }
    }
    return TokenSelection.excluding(ids.stream().mapToLong(Long::longValue).toArray());
  }

  /** The store's texts. */
  public StoreTexts texts() {
    return texts;
  }

  /** Whether a text is kept from training. */
  public boolean isHeldOut(int text) {
    return heldOut[text];
  }

  /** By text, the name that texts share which must not count as independent ones. */
  List<String> units() {
    return units;
  }

  /** Whether a token takes part. */
  public boolean includes(int token) {
    return tokens.isAll() || tokens.includes(texts.id(token));
  }

  /** The tokens of texts that training sees. */
  public int[] training() {
    return of(text -> !heldOut[text]);
  }

  /** The tokens of texts that are kept from training. */
  public int[] heldOut() {
    return of(text -> heldOut[text]);
  }

  /** The tokens of all texts. */
  public int[] all() {
    return of(text -> true);
  }

  private int[] of(IntPredicate text) {
    int[] chosen = new int[texts.rows().count()];
    int count = 0;
    for (int i = 0; i < texts.size(); i++) {
      if (text.test(i)) {
        for (int token = texts.firstToken(i); token < texts.firstToken(i + 1); token++) {
          if (includes(token)) {
            chosen[count++] = token;
          }
        }
      }
    }
    return Arrays.copyOf(chosen, count);
  }
}
