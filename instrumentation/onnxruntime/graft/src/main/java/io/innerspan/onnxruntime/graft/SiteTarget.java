package io.innerspan.onnxruntime.graft;

/**
 * The activation at a site.
 *
 * @param tensor the tensor; its shape may be unknown
 * @param axes what its axes are
 */
record SiteTarget(TensorInfo tensor, SiteAxes axes) {
  /** The size of an axis, or -1 when it is not fixed in the model. */
  long size(int axis) {
    var shape = tensor.shape();
    return shape == null || axis >= shape.size() ? -1 : shape.get(axis).size();
  }
}
