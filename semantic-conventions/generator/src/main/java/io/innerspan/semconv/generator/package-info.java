/**
 * Makes Java constants and documentation of the telemetry registry. Runs in the build only: the
 * constants themselves depend on nothing.
 */
@NullMarked
package io.innerspan.semconv.generator;

import org.jspecify.annotations.NullMarked;
