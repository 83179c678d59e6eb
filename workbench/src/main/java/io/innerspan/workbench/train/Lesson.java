package io.innerspan.workbench.train;

import io.innerspan.workbench.learn.LinearModel;
import java.util.List;

/**
 * Rows to learn from, and others to judge what was learnt: the training and the validation part, or
 * all folds but one and that one.
 *
 * @param learnt rows of both parts
 * @param judged rows of both parts; may be none
 * @param pickers by place, the probe of mean activations that picks tokens, learnt on the same rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Lesson(int[] learnt, int[] judged, List<LinearModel> pickers) {
  Lesson {
    pickers = List.copyOf(pickers);
  }

  /** The labels of the rows to learn from. */
  boolean[] labels(PartData rows) {
    boolean[] all = rows.positive();
    boolean[] labels = new boolean[learnt.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = all[learnt[i]];
    }
    return labels;
  }
}
