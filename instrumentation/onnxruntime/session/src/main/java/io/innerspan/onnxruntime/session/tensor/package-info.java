/** Tensors of ONNX Runtime, made alike by all versions of its Java API. */
@NullMarked
package io.innerspan.onnxruntime.session.tensor;

import org.jspecify.annotations.NullMarked;
