package io.innerspan.djl.javaagent;

import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import java.lang.ref.Cleaner;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a prediction's outputs, which is over when it has no more, fails or is closed, or
 * when nobody can read it any more. The prediction is current while the next output is computed,
 * and not while it is consumed.
 */
final class ObservedStream<T> implements Spliterator<T>, Consumer<T> {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Spliterator<T> outputs;
  private final Prediction prediction;
  private final Ending ending;
  private final Cleaner.Cleanable forgotten;
  private @Nullable T next;

  private ObservedStream(Spliterator<T> outputs, Prediction prediction) {
    this.outputs = outputs;
    this.prediction = prediction;
    this.ending = new Ending(prediction);
    this.forgotten = CLEANER.register(this, ending);
  }

  /** The one end of a prediction; knows nothing of the stream, which it must not keep alive. */
  private static final class Ending implements Runnable {
    private final Prediction prediction;
    private final AtomicBoolean over = new AtomicBoolean();

    Ending(Prediction prediction) {
      this.prediction = prediction;
    }

    boolean isFirst() {
      return over.compareAndSet(false, true);
    }

    /** The stream is garbage. */
    @Override
    public void run() {
      if (isFirst()) {
        prediction.abandoned();
      }
    }
  }

  static <T> Stream<T> of(Stream<T> outputs, Prediction prediction) {
    ObservedStream<T> observed = new ObservedStream<>(outputs.spliterator(), prediction);
    return StreamSupport.stream(observed, false)
        .onClose(outputs::close)
        .onClose(() -> observed.end(null));
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    if (!compute()) {
      return false;
    }
    T output = next;
    next = null;
    action.accept(output);
    return true;
  }

  private boolean compute() {
    prediction.resume();
    boolean more;
    try {
      more = outputs.tryAdvance(this);
    } catch (Throwable failure) {
      end(failure);
      throw failure;
    }
    if (more) {
      prediction.pause();
    } else {
      end(null);
    }
    return more;
  }

  private void end(@Nullable Throwable failure) {
    if (ending.isFirst()) {
      prediction.end(null, 0, PredictorCall.cause(failure));
      forgotten.clean();
    } else {
      prediction.pause();
    }
  }

  @Override
  public void accept(T output) {
    next = output;
  }

  @Override
  public @Nullable Spliterator<T> trySplit() {
    return null; // Each output follows from those before.
  }

  @Override
  public long estimateSize() {
    return outputs.estimateSize();
  }

  @Override
  public int characteristics() {
    return outputs.characteristics();
  }
}
