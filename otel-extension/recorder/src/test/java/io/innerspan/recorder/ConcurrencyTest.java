package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.LinearProbe;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
  private static final int THREADS = 4;
  private static final int INFERENCES = 500;

  @Test
  void start_manyThreads_keepsEveryInferenceApart() throws Exception {
    try (Backend backend =
        new Backend(RecorderSettings.all(), Sampler.alwaysOn(), () -> 0)) { // No time goes by.
      ModelTelemetry model = backend.model();
      Packs.on(model, List.of(Packs.probe("injection", 0.5)));
      run(THREADS, thread -> infer(model, thread));

      assertThat(backend.spans())
          .hasSize(THREADS * INFERENCES)
          .allSatisfy(
              span -> {
                long rows = batchSize(span.getAttributes());
                double expected = 1 / (1 + Math.exp(-(double) rows));
                assertThat(span.getAttributes().get(Keys.probeScore("injection")))
                    .isEqualTo(expected);
              });
      assertThat(backend.events()).hasSize(EventRoom.BURST);
      assertThat(
              backend.counter(
                  "innerspan.probe.crossing.held_back", Attributes.of(Keys.MODEL_NAME, "minilm")))
          .isEqualTo(THREADS * INFERENCES - EventRoom.BURST);
      Attributes labels =
          Attributes.builder()
              .put("innerspan.probe.id", "injection")
              .put("innerspan.model.name", "minilm")
              .build();
      assertThat(backend.histogram("innerspan.probe.score", labels).getCount())
          .isEqualTo(INFERENCES * (1L + 2 + 3 + 4));
    }
  }

  @Test
  void readings_switchedWhileInferencesRun_loseNoSpanAndRaiseNoFault() throws Exception {
    try (Backend backend = new Backend()) {
      ModelTelemetry model = backend.model();
      LinearProbe probe = Packs.probe("injection", 0.5);
      run(
          THREADS,
          thread -> {
            if (thread > 1) {
              return infer(model, thread);
            }
            for (int i = 0; i < INFERENCES; i++) {
              Packs.on(model, List.of(probe));
              model.digest("ab" + i);
              model.noReadings();
            }
            return thread;
          });

      assertThat(backend.spans()).hasSize((THREADS - 1) * INFERENCES);
      assertThat(backend.counter("innerspan.fault", Attributes.of(Keys.FAULT_PLACE, "record")))
          .isZero();
    }
  }

  /** Batches of as many rows as the thread's number, in which only the last row crosses. */
  private static int infer(ModelTelemetry model, int rows) {
    float[] reading = new float[2 * rows];
    for (int row = 0; row < rows; row++) {
      reading[2 * row] = row == rows - 1 ? rows : -1;
      reading[2 * row + 1] = 3;
    }
    for (int i = 0; i < INFERENCES; i++) {
      Span before = Span.current();
      Inference inference = model.start(rows, -1);
      inference.end(reading, rows, null);
      assertThat(Span.current()).isSameAs(before);
    }
    return rows;
  }

  private static long batchSize(Attributes attributes) {
    Long size = attributes.get(Keys.BATCH_SIZE);
    return size == null ? 0 : size;
  }

  private interface Work {
    int run(int thread) throws Exception;
  }

  private static void run(int threads, Work work) throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier together = new CyclicBarrier(threads);
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 1; i <= threads; i++) {
        int thread = i;
        tasks.add(
            () -> {
              together.await();
              return work.run(thread);
            });
      }
      for (Future<Integer> done : pool.invokeAll(tasks)) {
        assertThat(done.get()).isPositive();
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
