package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates session options equal to those that an application opened its session with. */
@FunctionalInterface
public interface OptionsFactory {
  /** Fresh options, which the caller closes. */
  OrtSession.SessionOptions create() throws OrtException;

  /**
   * What is set that matters to results, as calls such as {@code setIntraOpNumThreads(1)}, sorted
   * and without defaults; null when it is not known.
   */
  default @Nullable List<String> settings() {
    return null;
  }
}
