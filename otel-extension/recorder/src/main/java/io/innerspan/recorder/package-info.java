/**
 * Turns readings into spans, metrics and events. Knows OpenTelemetry's API and no inference engine.
 *
 * <p>Begin with {@link io.innerspan.recorder.Recorder}.
 */
@NullMarked
package io.innerspan.recorder;

import org.jspecify.annotations.NullMarked;
