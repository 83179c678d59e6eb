/**
 * The names of all telemetry that Innerspan emits. Everything here but this comment is generated
 * from the registry in {@code semantic-conventions/registry}.
 */
@NullMarked
package io.innerspan.semconv;

import org.jspecify.annotations.NullMarked;
