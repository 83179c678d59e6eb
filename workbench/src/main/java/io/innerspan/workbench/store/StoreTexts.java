package io.innerspan.workbench.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts of a store, and which tokens are theirs. */
public final class StoreTexts {
  private final List<StoreText> texts;
  private final StoreRows rows;
  private final int[] splits;
  private final boolean[] special;
  private final long[] ids;
  private final int[] offsets;

  StoreTexts(List<StoreText> texts, StoreRows rows) {
    this.texts = texts;
    this.rows = rows;
    splits = new int[texts.size() + 1];
    special = new boolean[rows.count()];
    ids = new long[rows.count()];
    offsets = new int[2 * rows.count()];
    int text = 0;
    int token = 0;
    for (StoreShard shard : rows.shards()) {
      long[] shardSplits = shard.splits();
      for (int i = 1; i < shardSplits.length; i++) {
        splits[++text] = token + (int) shardSplits[i];
      }
      long[] shardSpecial = shard.special();
      long[] shardOffsets = shard.offsets();
      System.arraycopy(shard.ids(), 0, ids, token, shardSpecial.length);
      for (int i = 0; i < shardSpecial.length; i++, token++) {
        special[token] = shardSpecial[i] != 0;
        offsets[2 * token] = (int) shardOffsets[2 * i];
        offsets[2 * token + 1] = (int) shardOffsets[2 * i + 1];
      }
    }
  }

  /** The number of texts. */
  public int size() {
    return texts.size();
  }

  public String text(int index) {
    return texts.get(index).text();
  }

  public @Nullable String label(int index) {
    return texts.get(index).label();
  }

  /** Its template family, or null for none. */
  public @Nullable String group(int index) {
    return texts.get(index).group();
  }

  /** The SHA-256 of a text's UTF-8 bytes. */
  public String digest(int index) {
    return ShardFile.digest(text(index));
  }

  /** The first token of a text; that of {@code size()} is the number of tokens. */
  public int firstToken(int text) {
    return splits[text];
  }

  /** Whether the tokenizer added a token. */
  public boolean isSpecial(int token) {
    return special[token];
  }

  /** A token's number in the vocabulary. */
  public long id(int token) {
    return ids[token];
  }

  /** Where a token begins in its text, in characters. */
  public int begin(int token) {
    return offsets[2 * token];
  }

  /** Where a token ends in its text. */
  public int end(int token) {
    return offsets[2 * token + 1];
  }

  /** The activations. */
  public StoreRows rows() {
    return rows;
  }
}
