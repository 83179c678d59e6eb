/** Byte Buddy advice for ONNX Runtime's Java API; what it calls is the session module. */
@NullMarked
package io.innerspan.onnxruntime.javaagent;

import org.jspecify.annotations.NullMarked;
