package io.innerspan.djl.javaagent;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import io.innerspan.djl.CapturedReading;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.PredictedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A model that is predicted with, and how its signals are read. Thread-safe.
 *
 * @param observed where its predictions are told
 * @param samples takes predictions away to be explained
 */
record ReadModel(PredictedModel observed, Readable readable, Samples samples) {
  /** Tells what one run of the engine gave. */
  private record Told(PredictedModel observed, Prediction prediction)
      implements ScriptRunner.Listener {
    @Override
    public void read(CapturedReading reading) {
      reading
          .refusals()
          .forEach((id, refusal) -> observed.signalRefused(id, WantedSignals.refusal(refusal)));
      if (reading.rows() > 0) {
        prediction.read(reading.values(), reading.rows());
      }
    }

    @Override
    public void failed(Throwable failure) {
      String what = failure.toString().lines().findFirst().orElse("");
      observed.notRead(new Refusal(Refusal.Reason.RUN_FAILED, what));
    }

    @Override
    public void changed(String difference) {
      observed.notRead(new Refusal(Refusal.Reason.OUTPUT_CHANGED, difference));
    }

    @Override
    public void fault(Throwable fault) {
      Predictions.fault(fault);
    }
  }

  /** Runs a TorchScript module; null when the engine must do it. */
  Object @Nullable [] run(Object module, NDList inputs, Prediction prediction) {
    ScriptRunner runner = readable.runner();
    long open = prediction.openGates();
    return runner == null || !runner.reads(open)
        ? null
        : runner.run(module, inputs, open, new Told(observed, prediction));
  }

  /** The model's own block begins; null when nothing is to be read within. */
  @Nullable BlockRun begin(@Nullable NDList inputs, Prediction prediction) {
    BlockReader blocks = readable.blocks();
    return blocks == null
        ? null
        : blocks.begin(inputs, prediction.openGates(), new Told(observed, prediction)::read);
  }

  /** The engine has given the model's outputs. */
  void gave(NDList inputs, NDList outputs, Prediction prediction) {
    if (readable.outputs() != null) {
      CapturedReading reading = readable.outputs().read(inputs, outputs, prediction.openGates());
      if (reading != null) {
        new Told(observed, prediction).read(reading);
      }
    }
  }

  /** This thread's inference may be one that is to be explained. */
  void sample(Block block, NDList inputs, NDList outputs) {
    ExplainedInferences explained = observed.saliency();
    if (explained != null && explained.isSampled()) {
      samples.take(explained, block, readable.file(), inputs, outputs);
    }
  }

  /** The model is closed. */
  void close() {
    readable.close();
    samples.close();
  }
}
