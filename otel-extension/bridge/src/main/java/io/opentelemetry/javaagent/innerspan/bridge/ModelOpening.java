package io.opentelemetry.javaagent.innerspan.bridge;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that an application opens. Exactly one of {@code file} and {@code bytes} is given.
 *
 * @param engine the inference engine's name, such as {@code onnxruntime}
 * @param engineVersion the engine's version as it says it, or {@code unknown}
 * @param file the model's file
 * @param bytes a read-only view of the model's bytes
 * @param sessionOptions the settings of the session that matter to results, in the engine's own
 *     words, sorted and without defaults; null when they are not known
 * @param refusal why the engine's side will not graft this model, or null when it can
 */
public record ModelOpening(
    String engine,
    String engineVersion,
    @Nullable Path file,
    @Nullable ByteBuffer bytes,
    @Nullable List<String> sessionOptions,
    @Nullable Refusal refusal) {}
