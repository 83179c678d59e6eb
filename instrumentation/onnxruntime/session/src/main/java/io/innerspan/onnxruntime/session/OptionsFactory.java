package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** Creates session options equal to those that an application opened its session with. */
@FunctionalInterface
public interface OptionsFactory {
  /** Fresh options, which the caller closes. */
  OrtSession.SessionOptions create() throws OrtException;
}
