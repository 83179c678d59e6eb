package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.onnxruntime.graft.Gating;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.ModelStructure;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class KnownModelsTest {
  private static final TransformerFixture FIXTURE = TransformerFixture.postNorm();

  private final KnownModels models = new KnownModels();

  @Test
  void find_sameButForItsLargeWeights_isWhatWasScanned() throws Exception {
    assertThat(models.find(structure(FIXTURE))).isNull();
    KnownModel known = models.scan(structure(FIXTURE));

    ModelStructure sibling = ModelStructure.of(ByteBuffer.wrap(TestModels.sibling(FIXTURE)));
    assertThat(models.find(structure(FIXTURE))).isSameAs(known);
    assertThat(models.find(sibling)).isSameAs(known);
    assertThat(known.model().structure())
        .isEqualTo(OnnxModel.scan(ByteBuffer.wrap(FIXTURE.bytes())).structure());
  }

  /** What is small may be an axis or a shape. */
  @Test
  void find_anotherInItsSmallWeights_isNone() throws Exception {
    models.scan(structure(FIXTURE));

    assertThat(models.find(structure(FIXTURE.withSeed(7)))).isNull();
  }

  @Test
  void find_anotherInASingleName_isNone() throws Exception {
    models.scan(structure(FIXTURE));

    ModelProto.Builder other = FIXTURE.model().toBuilder();
    other.getGraphBuilder().getNodeBuilder(0).setName("another");
    assertThat(models.find(ModelStructure.of(ByteBuffer.wrap(other.build().toByteArray()))))
        .isNull();
  }

  @Test
  void find_theFifthLast_isForgotten_andOneThatIsAskedForStays() throws Exception {
    List<KnownModel> known = new ArrayList<>();
    for (int layers = 1; layers <= 5; layers++) {
      known.add(models.scan(structure(FIXTURE.withLayers(layers))));
      assertThat(models.find(structure(FIXTURE.withLayers(1)))).isSameAs(known.get(0));
    }

    assertThat(models.find(structure(FIXTURE.withLayers(2)))).isNull();
    assertThat(models.find(structure(FIXTURE.withLayers(3)))).isSameAs(known.get(2));
  }

  @Test
  void scan_ofWhatIsNoModel_isRefusedEveryTime() throws Exception {
    ModelStructure nothing = ModelStructure.of(ByteBuffer.wrap(new byte[] {8, 1}));
    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> models.scan(nothing)).isInstanceOf(ModelRefusedException.class);
      assertThat(models.find(nothing)).isNull();
    }
  }

  @Test
  void plan_forTheSamePacks_isCompiledOnce_andForOthersAnew() throws Exception {
    KnownModel known = models.scan(structure(FIXTURE));
    ProbePack all = Objects.requireNonNull(AnyModelPack.of(known.model(), "all", "ab".repeat(32)));
    ProbePack one =
        ProbePack.builder("one", "1.0.0", "Apache-2.0", all.model())
            .signal(all.signals().get(1))
            .build();

    GraftPlan plan = known.plan(List.of(all), Gating.BY_COST);
    assertThat(plan.overlay().bytes())
        .isEqualTo(
            GraftPlan.of(known.model(), List.of(all), Gating.BY_COST, Set.of()).overlay().bytes());
    assertThat(known.plan(List.of(all), Gating.BY_COST)).isSameAs(plan);
    assertThat(known.plan(List.of(all), Gating.ALL).overlay().gates()).isPositive();
    assertThat(known.plan(List.of(one), Gating.BY_COST).layout().size()).isEqualTo(1);
    assertThat(known.plan(List.of(all), Gating.BY_COST).layout().size()).isEqualTo(2);
  }

  @Test
  void models_openedByManyThreads_areAllPlannedAlike() throws Exception {
    OnnxModel scanned = OnnxModel.scan(ByteBuffer.wrap(FIXTURE.bytes()));
    ProbePack pack = Objects.requireNonNull(AnyModelPack.of(scanned, "all", "ab".repeat(32)));
    byte[] expected =
        GraftPlan.of(scanned, List.of(pack), Gating.BY_COST, Set.of()).overlay().bytes();
    int threads = 4;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  start.await();
                  for (int round = 0; round < 50; round++) {
                    ModelStructure structure = structure(FIXTURE.withSeed(round % 6));
                    KnownModel known = models.find(structure);
                    known = known == null ? models.scan(structure) : known;
                    assertThat(known.plan(List.of(pack), Gating.BY_COST).overlay().bytes())
                        .isEqualTo(expected);
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private static ModelStructure structure(TransformerFixture fixture) throws Exception {
    return ModelStructure.of(ByteBuffer.wrap(fixture.bytes()));
  }
}
