package io.innerspan.djl.testing.app;

import ai.djl.inference.streaming.StreamingTranslator;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslatorContext;
import java.util.stream.Stream;

/** A vector to a stream of sums; the application gets the stream itself. */
final class StreamTranslator implements StreamingTranslator<float[], Stream<Float>> {
  @Override
  public Batchifier getBatchifier() {
    return Batchifier.STACK;
  }

  @Override
  public NDList processInput(TranslatorContext context, float[] input) {
    return new NDList(context.getNDManager().create(input));
  }

  @Override
  public Stream<Float> processOutput(TranslatorContext context, NDList list) {
    return Stream.of(sum(list));
  }

  @Override
  public StreamOutput<Stream<Float>> processStreamOutput(
      TranslatorContext context, Stream<NDList> outputs) {
    return new StreamOutput<>() {
      @Override
      protected Stream<Float> buildAsyncOutput() {
        throw new UnsupportedOperationException();
      }

      @Override
      protected void computeAsyncOutputInternal(Stream<Float> output) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Stream<Float> getIterativeOutputInternal() {
        return outputs.map(StreamTranslator::sum);
      }
    };
  }

  @Override
  public Support getSupport() {
    return Support.ITERATIVE;
  }

  private static float sum(NDList list) {
    return list.singletonOrThrow().sum().getFloat();
  }
}
