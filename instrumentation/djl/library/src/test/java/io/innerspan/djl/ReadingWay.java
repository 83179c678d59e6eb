package io.innerspan.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.block.BlockCapture;
import io.innerspan.djl.block.BlockPlan;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.BlockTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.djl.torchscript.RewrittenScript;
import io.innerspan.djl.torchscript.ScriptCapture;
import io.innerspan.djl.torchscript.ScriptRewriter;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A way to read signals of a hand-built transformer. */
enum ReadingWay {
  /** The graft in ONNX Runtime. */
  ONNX_RUNTIME("blocks.1.attn.hook_pattern") {
    @Override
    Reading read(TransformerFixture fixture, List<Signal> signals, Batch batch, Path folder)
        throws Exception {
      return new OnnxTransformer(fixture).read(signals, batch);
    }
  },

  /** TorchScript as scripting writes it. */
  SCRIPTED("layer/1/attention/softmax") {
    @Override
    Reading read(TransformerFixture fixture, List<Signal> signals, Batch batch, Path folder)
        throws Exception {
      return script(
          new ScriptedTransformer(fixture, false, Outputs.TENSOR), signals, batch, folder);
    }
  },

  /** TorchScript as tracing writes it, with outputs by name. */
  TRACED("layer.1.attention.softmax") {
    @Override
    Reading read(TransformerFixture fixture, List<Signal> signals, Batch batch, Path folder)
        throws Exception {
      return script(
          new ScriptedTransformer(fixture, true, Outputs.DICTIONARY), signals, batch, folder);
    }
  },

  /** Blocks of Java on PyTorch. */
  BLOCKS("03layer/01attention/~Dropout") {
    @Override
    Reading read(TransformerFixture fixture, List<Signal> signals, Batch batch, Path folder) {
      try (NDManager manager = Torch.manager()) {
        BlockTransformer model = new BlockTransformer(manager, fixture);
        try (BlockPlan plan = BlockPlan.of(model, signals, Gating.none())) {
          assertThat(plan.refusals()).isEmpty();
          NDList inputs = batch.inputs(manager);
          inputs.get(0).setName("input_ids");
          inputs.get(1).setName("attention_mask");
          try (BlockCapture capture = Objects.requireNonNull(plan.begin(inputs, -1))) {
            NDList outputs = model.run(inputs, capture);
            CapturedReading captured = Objects.requireNonNull(capture.finish(outputs));
            assertThat(captured.refusals()).isEmpty();
            return captured.reading(plan.layout());
          }
        }
      }
    }
  };

  private final String pattern;

  ReadingWay(String pattern) {
    this.pattern = pattern;
  }

  /** The hook point of the second layer's attention pattern. */
  HookPoint pattern() {
    return new HookPoint(pattern);
  }

  abstract Reading read(TransformerFixture fixture, List<Signal> signals, Batch batch, Path folder)
      throws Exception;

  private static Reading script(
      ScriptedTransformer script, List<Signal> signals, Batch batch, Path folder) throws Exception {
    Path original = script.write(folder, "original");
    Path rewritten = folder.resolve("rewritten.pt");
    RewrittenScript result = ScriptRewriter.rewrite(original, rewritten, signals, Gating.none());
    assertThat(result.refusals()).isEmpty();
    try (Model model = Torch.load(rewritten);
        NDManager manager = Torch.manager();
        ScriptCapture capture = new ScriptCapture(result)) {
      NDList prepared = Objects.requireNonNull(capture.prepare(batch.inputs(manager), -1));
      NDList outputs = Torch.forward(model.getBlock(), prepared);
      capture.release(prepared);
      CapturedReading captured = Objects.requireNonNull(capture.finish(outputs, -1));
      assertThat(captured.refusals()).isEmpty();
      return captured.reading(result.layout());
    }
  }
}
