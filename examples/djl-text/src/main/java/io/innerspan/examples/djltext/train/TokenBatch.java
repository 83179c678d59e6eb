package io.innerspan.examples.djltext.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Token ids of some texts, padded on the right.
 *
 * @param ids row by row
 * @param mask 1 for real tokens, 0 for padding
 * @param rows how many texts
 * @param tokens of each
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed nor compared.
record TokenBatch(long[] ids, long[] mask, int rows, int tokens) {
  static TokenBatch of(List<long[]> texts) {
    int longest = texts.stream().mapToInt(text -> text.length).max().orElse(0);
    long[] ids = new long[texts.size() * longest];
    long[] mask = new long[ids.length];
    for (int row = 0; row < texts.size(); row++) {
      long[] text = texts.get(row);
      for (int token = 0; token < text.length; token++) {
        ids[row * longest + token] = text[token];
        mask[row * longest + token] = 1;
      }
    }
    return new TokenBatch(ids, mask, texts.size(), longest);
  }

  /** The model's inputs. */
  NDList inputs(NDManager manager) {
    Shape shape = new Shape(rows, tokens);
    NDArray known = manager.create(ids, shape);
    return new NDList(known, manager.create(mask, shape));
  }
}
