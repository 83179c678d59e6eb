package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import io.innerspan.signals.safetensors.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a probe costs: texts one by one through the plain model and through the model with the probe
 * in its graph, in turns, one thread each.
 *
 * @param texts how many were timed
 * @param plainMillis the median of the plain model, in milliseconds
 * @param probedMillis the median of the model with the probe, in milliseconds
 * @param addedMillis the median of the paired differences, in milliseconds
 */
public record ProbeLatency(int texts, double plainMillis, double probedMillis, double addedMillis) {
  private static final int WARM_UP = 5;
  private static final double NANOS_PER_MILLI = 1e6;

  static ProbeLatency measure(
      OrtModel plain,
      OrtModel probed,
      List<Map<String, Tensor>> inputs,
      List<String> outputs,
      String reading)
      throws OrtException {
    for (int i = 0; i < WARM_UP; i++) {
      plain.run(inputs.get(0), outputs);
      probed.run(inputs.get(0), List.of(reading));
    }
    double[] without = new double[inputs.size()];
    double[] with = new double[inputs.size()];
    double[] added = new double[inputs.size()];
    List<String> both = new ArrayList<>(outputs);
    both.add(reading);
    for (int i = 0; i < inputs.size(); i++) {
      without[i] = millis(plain, inputs.get(i), outputs);
      with[i] = millis(probed, inputs.get(i), both);
      added[i] = with[i] - without[i];
    }
    return new ProbeLatency(inputs.size(), median(without), median(with), median(added));
  }

  private static double millis(OrtModel model, Map<String, Tensor> inputs, List<String> outputs)
      throws OrtException {
    long begin = System.nanoTime();
    model.run(inputs, outputs);
    return (System.nanoTime() - begin) / NANOS_PER_MILLI;
  }

  private static double median(double[] values) {
    double[] ascending = values.clone();
    Arrays.sort(ascending);
    int n = ascending.length;
    return (ascending[(n - 1) / 2] + ascending[n / 2]) / 2;
  }
}
