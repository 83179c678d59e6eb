package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.KvCache;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A decoder is certified by the beginning of a text and by what goes on with one. */
class DecoderCertificationTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  @TempDir Path folder;
  private final Work work = new Work();
  private SmallModel decoder;
  private RecordingModel model;
  private CacheInput cache;
  private ObservedSession observed;

  private void scan(String name) throws Exception {
    decoder = SmallModels.named(name);
    ActivationSummary norm = ActivationSummary.norm("n", new HookPoint("blocks.0.hook_resid_post"));
    model = new RecordingModel(decoder.bytes(), List.of(norm), null);
    KvCache found =
        Objects.requireNonNull(OnnxModel.scan(ByteBuffer.wrap(decoder.bytes())).cache());
    cache = new CacheInput(found.pastInputs().get(0).name(), found.lengthAxis());
    model.cacheInput = cache;
  }

  @AfterEach
  void close() throws Exception {
    Closing.close(observed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"decoder-with-cache", "decoder-multi-head-with-cache"})
  void certify_inputsOfKnownSizes_areBeginningsAndSteps_beforeTheApplicationRuns(String name)
      throws Exception {
    scan(name);
    open();
    work.doAll();
    assertThat(model.certified).isTrue();
    assertThat(model.compared.stream().map(this::cached)).contains(0L, 9L, 17L, 24L);
    run(0);
    run(6);
    assertThat(model.readings).hasSize(2);
    assertThat(model.refusals).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"decoder-with-cache", "decoder-multi-head-with-cache"})
  void certify_inputsThatDoNotFit_waitsForTheApplicationsFirstStep(String name) throws Exception {
    scan(name);
    model.sizesKnown = false;
    open();
    work.doAll();
    assertThat(model.certified).isFalse();
    for (int text = 0; text < 3; text++) {
      run(0); // Compared once, and not enough.
      work.doAll();
      assertThat(model.certified).isFalse();
    }
    run(4);
    work.doAll();
    assertThat(model.certified).isTrue();
    assertThat(model.compared.stream().map(this::cached)).containsExactly(0L, 4L);
    assertThat(model.readings).isEmpty();
    run(5);
    assertThat(model.readings).hasSize(1);
    assertThat(model.refusals).isEmpty();
  }

  private long cached(ModelInput input) {
    return input.tensors().stream()
        .filter(tensor -> tensor.name().equals(cache.name()))
        .mapToLong(tensor -> tensor.shape()[cache.lengthAxis()])
        .sum();
  }

  private void open() throws Exception {
    SessionOpener opener = new SessionOpener(model, work, folder);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      ModelSource source = ModelSource.of(decoder.bytes());
      observed = opener.open(ENVIRONMENT, source, options, OrtSession.SessionOptions::new, null);
    }
  }

  private void run(int past) throws Exception {
    List<ModelInput.Tensor> tensors = new ArrayList<>();
    Map<String, ExampleTensor> example = decoder.example(ExampleShape.of(1, 3).withPast(past));
    example.forEach(
        (name, tensor) -> {
          ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
          String type = name.startsWith("past") ? "F32" : "I64";
          tensors.add(new ModelInput.Tensor(name, type, tensor.shape(), data));
        });
    try (Inputs inputs = Inputs.of(ENVIRONMENT, new ModelInput(tensors));
        OrtSession.Result result =
            observed.run(inputs.tensors(), observed.outputNames(), null, null)) {
      assertThat(((OnnxTensor) result.get("logits").orElseThrow()).getInfo().getShape())
          .containsExactly(1, 3, decoder.traits().classes());
    }
  }
}
