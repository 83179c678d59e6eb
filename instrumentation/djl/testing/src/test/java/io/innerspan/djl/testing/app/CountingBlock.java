package io.innerspan.djl.testing.app;

import ai.djl.inference.streaming.StreamingBlock;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Streams its input times 1, 2 and 3; a negative input fails at the third. */
final class CountingBlock extends AbstractBlock implements StreamingBlock {
  private static final int OUTPUTS = 3;

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
    return inputs;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return inputs;
  }

  @Override
  public Iterator<NDList> forwardStreamIter(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
    return new Iterator<>() {
      private int count;

      @Override
      public boolean hasNext() {
        return count < OUTPUTS;
      }

      @Override
      public NDList next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        count++;
        if (count == OUTPUTS && inputs.head().min().getFloat() < 0) {
          throw new ArithmeticException("negative");
        }
        return new NDList(inputs.head().mul(count));
      }
    };
  }
}
