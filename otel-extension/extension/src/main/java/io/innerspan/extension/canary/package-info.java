/**
 * Recorded inputs of packs, replayed on the sessions that answer applications: one thread of low
 * priority, a period and a budget, and no trace in the telemetry of inferences.
 */
@NullMarked
package io.innerspan.extension.canary;

import org.jspecify.annotations.NullMarked;
