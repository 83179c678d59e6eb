package io.innerspan.signals;

import java.util.Arrays;
import java.util.List;

/**
 * Which of a row's real tokens a signal looks at: all, or all but those of certain ids, such as
 * {@code [CLS]}, {@code [SEP]} or a BOS. A token takes part if the attention mask calls it real and
 * its id is not excluded.
 *
 * @param excludedIds ids in the vocabulary, from 0 on (0 may well be a BOS), at most 1,024;
 *     ascending, each once
 * @param allReal whether, of a model without an attention mask, every token is taken for real;
 *     where there is a mask, that tells
 */
public record TokenSelection(List<Long> excludedIds, boolean allReal) {
  /** Every real token. */
  public static final TokenSelection ALL = new TokenSelection(List.of());

  private static final int MOST_IDS = 1024;

  public TokenSelection {
    excludedIds = excludedIds.stream().distinct().sorted().toList();
    if (excludedIds.size() > MOST_IDS) {
      throw new InvalidValueException("exclude_ids", "at most " + MOST_IDS, excludedIds.size());
    }
    if (!excludedIds.isEmpty() && excludedIds.get(0) < 0) {
      throw new InvalidValueException("exclude_ids", "ids from 0 on", excludedIds.get(0));
    }
  }

  /** All real tokens but those of some ids. */
  public TokenSelection(List<Long> excludedIds) {
    this(excludedIds, false);
  }

  /** The same, for a model without an attention mask, where no application pads. */
  public TokenSelection withoutMask() {
    return new TokenSelection(excludedIds, true);
  }

  /** All real tokens but those of these ids. */
  public static TokenSelection excluding(long... ids) {
    return new TokenSelection(Arrays.stream(ids).boxed().toList());
  }

  /** Whether no id is excluded, so that ids need not be known. */
  public boolean isAll() {
    return excludedIds.isEmpty();
  }

  /** Whether tokens of this id take part. */
  public boolean includes(long id) {
    return !excludedIds.contains(id);
  }

  @Override
  public String toString() {
    return isAll() ? "all tokens" : "all tokens but " + excludedIds;
  }
}
