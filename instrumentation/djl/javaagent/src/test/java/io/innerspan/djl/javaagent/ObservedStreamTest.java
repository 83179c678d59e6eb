package io.innerspan.djl.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObservedStreamTest {
  private static final int COLLECTIONS = 200;

  /** What a prediction was told. */
  private static final class Told implements Prediction {
    final List<String> ends = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch over = new CountDownLatch(1);

    @Override
    public void phase(Phase next) {}

    @Override
    public void phaseEnded() {}

    @Override
    public void read(float[] reading, int rows) {}

    @Override
    public void worked(long elements, long nanos) {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void abandoned() {
      ends.add("abandoned");
      over.countDown();
    }

    @Override
    public void end(float @Nullable [] reading, int rows, @Nullable Throwable failure) {
      ends.add("end");
      over.countDown();
    }
  }

  @Test
  void streamThatNobodyReadsOn_isAbandoned() throws Exception {
    Told told = new Told();
    readOne(told);
    for (int i = 0; i < COLLECTIONS && !told.over.await(20, TimeUnit.MILLISECONDS); i++) {
      System.gc();
    }
    assertThat(told.ends).containsExactly("abandoned");
  }

  private static void readOne(Prediction prediction) {
    Iterator<Integer> outputs = ObservedStream.of(Stream.of(1, 2, 3), prediction).iterator();
    assertThat(outputs.next()).isEqualTo(1);
  }

  @Test
  void streamThatWasReadOrClosed_endsOnce() throws Exception {
    Told read = new Told();
    Told closed = new Told();
    assertThat(ObservedStream.of(Stream.of(1, 2, 3), read).toList()).containsExactly(1, 2, 3);
    ObservedStream.of(Stream.of(1, 2, 3), closed).close();

    // Whatever garbage there is was looked at when that of a stream of its own was.
    Told later = new Told();
    readOne(later);
    for (int i = 0; i < COLLECTIONS && !later.over.await(20, TimeUnit.MILLISECONDS); i++) {
      System.gc();
    }
    assertThat(read.ends).containsExactly("end");
    assertThat(closed.ends).containsExactly("end");
  }
}
