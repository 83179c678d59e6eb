package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.HookPoint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to append to a model so that it returns activations themselves.
 *
 * @param bytes a serialised ModelProto to be concatenated to the model's bytes; empty when nothing
 *     has to be added
 * @param outputs by hook point, the name of the output that holds its activation: one of the
 *     model's own or an added one
 * @param refusals by hook point, why an activation cannot be returned
 */
@SuppressWarnings("ArrayRecordComponent")
public record Exposure(
    byte[] bytes, Map<HookPoint, String> outputs, Map<HookPoint, String> refusals) {
  public Exposure {
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    refusals = Collections.unmodifiableMap(new LinkedHashMap<>(refusals));
  }
}
