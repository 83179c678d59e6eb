package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** Which native session answers an application's run. */
@FunctionalInterface
interface RunMode {
  OrtSession.Result run(RunCall call) throws OrtException;
}
