/**
 * Telemetry on its way to an OTLP receiver that may be slow or away: bounded memory, then a bounded
 * folder, in order. One thread does all that takes time; who hands telemetry over never waits.
 */
@NullMarked
package io.innerspan.extension.delivery;

import org.jspecify.annotations.NullMarked;
