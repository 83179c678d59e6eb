/**
 * What becomes of text before it may leave the process: dropped, digested or redacted. Knows no
 * OpenTelemetry. {@link io.innerspan.recorder.content.ContentPolicy} is where to begin.
 */
@NullMarked
package io.innerspan.recorder.content;

import org.jspecify.annotations.NullMarked;
