package io.innerspan.workbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AheadTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void run_manyBatches_areHandedOverInOrderByTheCaller(int ahead) throws Exception {
    AtomicInteger under = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Integer> taken = new ArrayList<>();
    Thread caller = Thread.currentThread();
    Ahead.run(
        50,
        ahead,
        batch -> {
          most.accumulateAndGet(under.incrementAndGet(), Math::max);
          return batch * batch;
        },
        (batch, result) -> {
          assertThat(Thread.currentThread()).isSameAs(caller);
          assertThat(result).isEqualTo(batch * batch);
          under.decrementAndGet();
          taken.add(batch);
        });

    assertThat(taken).hasSize(50).isSorted();
    assertThat(most.get()).isLessThanOrEqualTo(ahead);
  }

  @Test
  void run_noBatches_doesNothing() throws Exception {
    Ahead.run(0, 4, batch -> batch, (batch, result) -> taken());
  }

  @Test
  void run_aFault_isThrownAsItWas() {
    assertThatThrownBy(
            () ->
                Ahead.run(
                    9,
                    4,
                    batch -> {
                      if (batch == 5) {
                        throw new OrtException("the fifth");
                      }
                      return batch;
                    },
                    (batch, result) -> assertThat(batch).isLessThan(5)))
        .isInstanceOf(OrtException.class)
        .hasMessageContaining("the fifth");
    assertThatThrownBy(() -> Ahead.run(9, 4, batch -> batch, (batch, result) -> taken()))
        .hasMessage("taken");
  }

  private static void taken() {
    throw new IllegalStateException("taken");
  }
}
