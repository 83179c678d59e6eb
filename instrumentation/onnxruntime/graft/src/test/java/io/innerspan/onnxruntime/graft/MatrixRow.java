package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ModelTail;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.ModelInput;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.SmallModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One row of an example, as the reference takes it.
 *
 * @param activations of the whole batch, by place
 */
record MatrixRow(
    SmallModel model,
    OnnxModel scanned,
    Map<String, ExampleTensor> example,
    int row,
    Map<HookPoint, Ort.Output> activations,
    MatrixTail tail) {

  /** The same with activations that are others by a share of about {@code deviation}. */
  MatrixRow blurred(Random random, float deviation) {
    Map<HookPoint, Ort.Output> others = new HashMap<>();
    activations.forEach(
        (place, output) -> {
          float[] values = output.values().clone();
          for (int i = 0; i < values.length; i++) {
            values[i] *= 1 + deviation * (float) random.nextGaussian();
          }
          others.put(place, new Ort.Output(values, output.shape()));
        });
    return new MatrixRow(model, scanned, example, row, others, tail);
  }

  double[] expected(Signal signal) {
    RowInputs inputs = RowInputs.of();
    double scale = 1;
    for (HookPoint place : signal.hookPoints()) {
      TapPoint tap = scanned.resolve(place);
      Ort.Output output = Objects.requireNonNull(activations.get(place));
      long[] shape = output.shape();
      if (signal instanceof AttentionSummary) {
        scale = attention(inputs, place, output, signal.tokens().allReal());
      } else if (isLogits(signal, place)) {
        if (shape.length == 2) {
          inputs.logits(place, output.row(row)[0]);
        } else {
          tokens(inputs, (int) shape[1], signal.tokens().allReal());
          inputs.logits(place, output.row(row));
        }
      } else if (tap != null && tap.layout() == TapPoint.Layout.CHANNELS) {
        inputs.activation(place, positions(output));
      } else {
        if (shape.length == 3) {
          tokens(inputs, (int) shape[1], signal.tokens().allReal());
        }
        inputs.activation(place, output.row(row));
      }
    }
    ModelTail own = tail.ofRow(row, outputs(signal));
    if (own != null) {
      inputs.tail(own);
    }
    double factor = scale;
    return Arrays.stream(ReferenceSignal.values(signal, inputs)).map(v -> v * factor).toArray();
  }

  /**
   * How near a reading must be. In half precision most is computed from the very values that the
   * signals read. But the reference's tail is another session's, which rounds elsewhere, and before
   * 1.29 two signals may read the logits before they are rounded and after.
   */
  Tolerance tolerance(Signal signal) {
    boolean ofLogits = signal instanceof LayerLens || signal instanceof OutputConfidence;
    boolean half =
        ofLogits && Objects.requireNonNull(scanned.tail()).logits().type() != ElementType.FLOAT;
    return half ? Tolerance.FP16 : Tolerance.FP32;
  }

  /** All activations, and what a tuned lens makes of those that it reads. */
  private List<Ort.Output> outputs(Signal signal) {
    List<Ort.Output> outputs = new ArrayList<>(activations.values());
    if (signal instanceof LayerLens lens) {
      for (int layer = 0; layer < lens.translators().size(); layer++) {
        Ort.Output output = Objects.requireNonNull(activations.get(lens.layers().get(layer)));
        outputs.add(MatrixTail.translated(output, lens.translators().get(layer)));
      }
    }
    return outputs;
  }

  private static boolean isLogits(Signal signal, HookPoint place) {
    return signal instanceof OutputConfidence
        || (signal instanceof LayerLens lens && place.equals(lens.logits()));
  }

  /** The tokens of an activation that are new, where others are cached. */
  private void tokens(RowInputs inputs, int count, boolean allReal) {
    long[] mask = allReal ? null : real(count);
    if (mask != null) {
      inputs.mask(mask);
    }
    long[] ids = ids(count);
    if (ids != null) {
      inputs.ids(ids);
    }
  }

  /** How many tokens of the row are real, or null where no signal looks at tokens with a mask. */
  @Nullable Long realTokens(List<Signal> signals) {
    for (Signal signal : signals) {
      TapPoint tap = scanned.resolve(signal.hookPoint());
      if (tap != null && tap.layout() == TapPoint.Layout.TOKENS && !signal.tokens().allReal()) {
        long[] real =
            real((int) Objects.requireNonNull(activations.get(signal.hookPoint())).shape()[1]);
        return real == null ? null : Arrays.stream(real).sum();
      }
    }
    return null;
  }

  /** The last of the row's tokens that the mask calls real, or null where there is no mask. */
  long @Nullable [] real(int count) {
    for (ModelInput input : model.inputs()) {
      ExampleTensor mask = example.get(input.name());
      boolean cached = model.hasCache() && !input.name().startsWith("encoder_");
      int past = cached ? (int) mask.shape()[mask.shape().length - 1] - count : 0;
      if (input.role() == Role.MASK && mask.shape()[1] == count + Math.max(0, past)) {
        long[] real = new long[count];
        for (int token = 0; token < count; token++) {
          real[token] = isSet(mask, row * (count + past) + past + token) ? 1 : 0;
        }
        return real;
      }
    }
    return null;
  }

  private long @Nullable [] ids(int count) {
    for (ModelInput input : model.inputs()) {
      ExampleTensor ids = example.get(input.name());
      if (input.role() == Role.TOKENS && ids.shape()[1] == count) {
        long[] all = new long[count];
        int size = ids.data().capacity() / (int) (ids.shape()[0] * count);
        for (int token = 0; token < count; token++) {
          int at = (row * count + token) * size;
          all[token] = size == Long.BYTES ? ids.data().getLong(at) : ids.data().getInt(at);
        }
        return all;
      }
    }
    return null;
  }

  private static boolean isSet(ExampleTensor mask, int index) {
    int size = mask.data().capacity() / (int) (mask.shape()[0] * mask.shape()[1]);
    for (int i = 0; i < size; i++) {
      if (mask.data().get(index * size + i) != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Gives the pattern with rows of zeros for cached tokens, which attend to nothing now.
   *
   * @return by what the means over all tokens are to be multiplied
   */
  private double attention(RowInputs inputs, HookPoint place, Ort.Output output, boolean allReal) {
    float[][][] heads = output.matrices(row);
    int queries = heads[0].length;
    int keys = heads[0][0].length;
    float[][][] square = new float[heads.length][keys][keys];
    for (int head = 0; head < heads.length; head++) {
      System.arraycopy(heads[head], 0, square[head], keys - queries, queries);
    }
    long[] real = allReal ? null : real(keys);
    if (real == null) {
      real = new long[keys];
      Arrays.fill(real, 1);
    }
    inputs.mask(real).attention(place, square);
    long all = Arrays.stream(real).sum();
    long asking = Arrays.stream(real, keys - queries, keys).sum();
    return (double) all / asking;
  }

  private float[][] positions(Ort.Output output) {
    int channels = (int) output.shape()[1];
    int positions = output.values().length / channels / (int) output.shape()[0];
    float[][] result = new float[positions][channels];
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        result[p][c] = output.values()[(row * channels + c) * positions + p];
      }
    }
    return result;
  }
}
