/**
 * Exporters that take everything and send nothing, as an extension for the agent: telemetry is
 * recorded, batched and handed over as always, and only sending is left out.
 */
@NullMarked
package io.innerspan.benchmarks.discard;

import org.jspecify.annotations.NullMarked;
