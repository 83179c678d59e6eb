package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateInputsTest {
  private static final int GATES = 62;
  private static final int STANDING = 2;

  private final GateInputs gates =
      new GateInputs(
          OrtEnvironment.getEnvironment(),
          new GraftOverlay(
              new byte[0], "reading", "gates", GATES, STANDING, false, 1, List.of(), null, false));

  @AfterEach
  void close() {
    gates.close();
  }

  @Test
  void use_aCombination_tellsEachGateAndThoseTogether() throws Exception {
    boolean[] none = read(0);
    assertThat(none).hasSize(GATES + 2).containsOnly(false);
    boolean[] standing = read(0b10);
    assertThat(standing[0]).as("any that is not standing").isFalse();
    assertThat(standing[1]).isFalse();
    assertThat(standing[2]).isTrue();
    assertThat(standing[GATES + 1]).as("any").isTrue();
    boolean[] dear = read(1L << 61);
    assertThat(dear[0]).isTrue();
    assertThat(dear[62]).isTrue();
    assertThat(read(-1)).containsOnly(true);
  }

  @Test
  void use_theSameCombination_makesNoTensor() throws Exception {
    GateInputs.Combination first = gates.use(5);
    first.release();
    assertThat(gates.use(5)).isSameAs(first);
    assertThat(gates.kept()).isEqualTo(1);
  }

  @Test
  void use_manyCombinations_keepsFew_andThoseInUse() throws Exception {
    GateInputs.Combination used = gates.use(1L << 40);
    for (long open = 1; open <= 5_000; open++) {
      gates.use(open).release();
      assertThat(gates.kept()).isLessThanOrEqualTo(GateInputs.MOST_KEPT);
    }
    assertThat(values(used)[41]).as("still its values").isTrue();
    assertThat(gates.use(1L << 40)).isSameAs(used);
  }

  @Test
  void use_byManyThreads_givesEachWhatItAskedFor() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(thread);
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 3_000; i++) {
                    int open = random.nextInt(600);
                    boolean[] values = read(open);
                    for (int gate = 0; gate < 10; gate++) {
                      assertThat(values[gate + 1]).isEqualTo((open >>> gate & 1) != 0);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(gates.kept()).isLessThanOrEqualTo(GateInputs.MOST_KEPT + 4);
  }

  @Test
  void use_afterClosing_isRefused() {
    gates.close();
    assertThatIllegalStateException().isThrownBy(() -> gates.use(3));
  }

  private boolean[] read(long open) throws Exception {
    GateInputs.Combination combination = gates.use(open);
    try {
      return values(combination);
    } finally {
      combination.release();
    }
  }

  private static boolean[] values(GateInputs.Combination combination) throws Exception {
    Map<String, OnnxTensor> inputs = combination.with(Map.of());
    assertThat(inputs).containsOnlyKeys("gates");
    return (boolean[]) inputs.get("gates").getValue();
  }
}
