package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtException;

/** Closes sessions as the advice does. */
final class Closing {
  /** What an application's call of close comes to. */
  static void close(ObservedSession observed) throws OrtException {
    if (!observed.closed() && !observed.close()) {
      observed.session().close();
    }
  }

  private Closing() {}
}
