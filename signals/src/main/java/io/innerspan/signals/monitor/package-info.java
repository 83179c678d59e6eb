/** Rules over readings, and what they find. Knows no clock, no engine and no OpenTelemetry. */
@NullMarked
package io.innerspan.signals.monitor;

import org.jspecify.annotations.NullMarked;
