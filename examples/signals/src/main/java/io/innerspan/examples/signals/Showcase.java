package io.innerspan.examples.signals;

import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.signals.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model with the signals that are shown on it.
 *
 * @param name what the model is
 * @param about what is to be seen, in a sentence
 * @param file the model's file
 * @param sha256 of the file
 * @param structure the scanned model
 * @param signals of the pack that is written for it
 * @param request what the service is sent
 * @param tokens the token ids of the golden inputs, by input; none where the pack has no probe
 */
record Showcase(
    String name,
    String about,
    Path file,
    String sha256,
    OnnxModel structure,
    List<Signal> signals,
    String request,
    Map<String, long[]> tokens) {
  Showcase {
    signals = List.copyOf(signals);
    tokens = Map.copyOf(tokens);
  }
}
