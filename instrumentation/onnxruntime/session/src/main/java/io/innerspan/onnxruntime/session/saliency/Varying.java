package io.innerspan.onnxruntime.session.saliency;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.Map;

/**
 * What of a model's inputs varies, such as one input, or the inputs that an intervention at the
 * embedding added.
 */
@FunctionalInterface
public interface Varying {
  /**
   * The inputs at some points.
   *
   * @param values the points as float32, one after the other
   * @param rows how many points
   * @return tensors by input, which whoever asked closes
   */
  Map<String, OnnxTensor> at(float[] values, int rows) throws OrtException;
}
