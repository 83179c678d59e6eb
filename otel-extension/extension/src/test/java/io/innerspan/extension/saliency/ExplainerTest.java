package io.innerspan.extension.saliency;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainerTest {
  private static final Logger PRODUCT = Logger.getLogger("io.innerspan");
  private static final SpanContext SPAN =
      SpanContext.create(
          "0af7651916cd43dd8448eb211c80319c",
          "b7ad6b7169203331",
          TraceFlags.getSampled(),
          TraceState.getDefault());

  private final Told told = new Told();

  @TempDir Path folder;

  @BeforeEach
  void beQuiet() {
    PRODUCT.setLevel(Level.OFF);
  }

  @AfterEach
  void close() {
    PRODUCT.setLevel(null);
    told.close();
  }

  @Test
  void explain_anInference_isAnEventInItsTrace_fromAThreadOfItsOwn() throws Exception {
    ModelSaliency model = model(settings(1, false, 100, null));
    AtomicReference<Thread> thread = new AtomicReference<>();
    try (Scope ignored = Span.wrap(SPAN).makeCurrent()) {
      assertThat(model.isSampled()).isTrue();
      model.explain(
          new Works(
              10,
              () -> {
                thread.set(Thread.currentThread());
                return 0;
              }));
    }
    Works.drain(model);

    LogRecordData event = told.events().get(0);
    assertThat(event.getSpanContext()).isEqualTo(SPAN);
    assertThat(event.getEventName()).isEqualTo("innerspan.saliency.explained");
    assertThat(event.getAttributes().get(AttributeKey.longArrayKey("innerspan.saliency.positions")))
        .containsExactly(1L, 2L, 0L);
    assertThat(event.getAttributes().get(AttributeKey.doubleArrayKey("innerspan.saliency.values")))
        .containsExactly(-2.0, 1.0, 0.25);
    assertThat(thread.get()).isNotSameAs(Thread.currentThread());
    assertThat(thread.get().isDaemon()).isTrue();
    assertThat(model.explainer().memory().taken()).isZero();
  }

  @Test
  void isSampled_byDefault_never_andOnDemandByBaggage() {
    ModelSaliency off = model(settings(0, false, 100, null));
    ModelSaliency onDemand = model(settings(0, true, 100, null));
    assertThat(onDemand.isSampled()).isFalse();
    Baggage asking = Baggage.builder().put(Explainer.BAGGAGE, "true").build();
    try (Scope ignored = Context.current().with(asking).makeCurrent()) {
      assertThat(off.isSampled()).isFalse();
      assertThat(onDemand.isSampled()).isTrue();
    }
  }

  @Test
  void explain_moreThanTheQueueHolds_dropsAndCounts() throws Exception {
    ModelSaliency model = model(settings(1, false, 100, null));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    model.explain(
        new Works(
            1,
            () -> {
              begun.countDown();
              go.await();
              return 0;
            }));
    begun.await();
    for (int i = 0; i < 11; i++) {
      model.explain(Works.nothing());
    }
    assertThat(told.missing("queue_full")).isEqualTo(3);
    assertThat(model.explainer().memory().taken()).isEqualTo(9);
    go.countDown();
    while (told.events().size() < 9) {
      Thread.onSpinWait();
    }
    Works.drain(model);
    assertThat(told.events()).hasSizeBetween(9, 10);
    assertThat(told.missing("queue_full")).isEqualTo(3);
  }

  @Test
  void explain_whatTakesMoreThanTheLimit_isRefused() throws Exception {
    ModelSaliency model = model(settings(1, false, 100, null));
    model.explain(new Works(101, () -> 0));
    model.explain(new Works(100, () -> 0));
    Works.drain(model);

    assertThat(told.missing("memory_limit")).isEqualTo(1);
    assertThat(told.events()).isNotEmpty();
  }

  @Test
  void explain_whereMemoryRunsOut_stopsExplainingAlone() throws Exception {
    Explainer explainer = told.explainer(settings(1, false, 100, null));
    ModelSaliency model = explainer.of("one", told.model("one"));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    model.explain(
        new Works(
            1,
            () -> {
              thread.set(Thread.currentThread());
              begun.countDown();
              go.await();
              throw new OutOfMemoryError("injected");
            }));
    begun.await();
    model.explain(Works.nothing());
    model.explain(Works.nothing());
    go.countDown();
    thread.get().join();

    assertThat(told.missing("out_of_memory")).isEqualTo(3);
    assertThat(told.events()).isEmpty();
    assertThat(model.isSampled()).isFalse();
    assertThat(explainer.of("two", told.model("two")).isSampled()).isFalse();
    model.explain(Works.nothing());
    assertThat(told.events()).isEmpty();
  }

  @Test
  void explain_whatFails_isCounted_andTheNextIsExplained() throws Exception {
    ModelSaliency model = model(settings(1, false, 100, null));
    model.explain(Works.failing(new IllegalStateException("injected")));
    model.explain(Works.failing(new StackOverflowError("injected")));
    model.explain(Works.failing(new SaliencyMissingException(Reason.MODEL_CLOSED, "injected")));
    model.explain(Works.nothing());
    Works.drain(model);

    assertThat(told.missing("failed")).isEqualTo(2);
    assertThat(told.missing("model_closed")).isEqualTo(1);
    assertThat(told.events()).isNotEmpty();
    assertThat(model.isSampled()).isTrue();
  }

  @Test
  void explain_aModelThatIsNotSupported_triesItNoMore() throws Exception {
    Explainer explainer = told.explainer(settings(1, false, 100, null));
    ModelSaliency strange = explainer.of("strange", told.model("strange"));
    ModelSaliency other = explainer.of("other", told.model("other"));
    strange.explain(Works.failing(new SaliencyMissingException(Reason.UNSUPPORTED, "injected")));
    Works.drain(other);

    assertThat(told.missing("unsupported")).isEqualTo(1);
    assertThat(strange.isSampled()).isFalse();
    assertThat(other.isSampled()).isTrue();
  }

  @Test
  void explain_withADirectory_writesAllValuesThere() throws Exception {
    Path directory = folder.resolve("new").resolve("saliency");
    ModelSaliency model = model(settings(1, false, 100, directory));
    try (Scope ignored = Span.wrap(SPAN).makeCurrent()) {
      model.explain(Works.nothing());
    }
    Works.drain(model);

    List<String> lines = Files.readAllLines(directory.resolve("saliency.jsonl"));
    assertThat(lines.get(0))
        .isEqualTo(
            "{\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\",\"span_id\":\"b7ad6b7169203331\","
                + "\"model\":\"model\",\"method\":\"occlusion\",\"baseline\":\"zero\","
                + "\"unit\":\"token\",\"row\":0,\"class\":1,\"score\":3.0,\"baseline_score\":1.0,"
                + "\"completeness_error\":0.125,\"values\":[0.25,-2.0,1.0]}");
  }

  @Test
  void explain_withADirectoryThatCannotBe_givesItsEventAllTheSame() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    ModelSaliency model = model(settings(1, false, 100, file));
    model.explain(Works.nothing());
    Works.drain(model);

    assertThat(told.events()).isNotEmpty();
    assertThat(Files.readString(file)).isEqualTo("in the way");
  }

  private ModelSaliency model(SaliencySettings settings) {
    return told.explainer(settings).of("model", told.model("model"));
  }

  private static SaliencySettings settings(
      double rate, boolean onDemand, long bytes, @Nullable Path directory) {
    return new SaliencySettings(
        rate, onDemand, SaliencyMethod.OCCLUSION, Baseline.ZERO, bytes, directory);
  }
}
