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
 */
public record LoadedModel(
    String engine, String engineVersion, @Nullable String name, @Nullable Path file) {}
