package io.opentelemetry.javaagent.innerspan.bridge;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model that an application predicts with through a framework above the engine, such as DJL.
 *
 * @param engine the inference engine's name, such as {@code pytorch}
 * @param engineVersion the engine's version as it says it, or {@code unknown}
 * @param name what the application calls the model, or null when it has no name
 * @param file the model's file, or null when it is not known to come from one
 * @param sha256 the SHA-256 of the model in lowercase hexadecimal, or null when it is not known
 * @param reads what is read of it; null when no pack is for it; without a SHA-256, why none can be
 *     found
 */
public record LoadedModel(
    String engine,
    String engineVersion,
    @Nullable String name,
    @Nullable Path file,
    @Nullable String sha256,
    @Nullable ReadSignals reads) {}
