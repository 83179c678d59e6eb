package io.innerspan.workbench.model;

/**
 * One tokenised text, special tokens included, without padding.
 *
 * @param ids the tokens' numbers
 * @param typeIds the tokens' segments
 * @param special which tokens the tokenizer added
 * @param begins where each token begins in the text, in characters; 0 for special tokens
 * @param ends where each token ends in the text, exclusive; 0 for special tokens
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenIds(long[] ids, long[] typeIds, boolean[] special, int[] begins, int[] ends) {
  /** The number of tokens. */
  public int length() {
    return ids.length;
  }
}
