/**
 * Findings to a SIEM without a collector between: an exporter of log records for the SDK, which
 * takes the event {@code innerspan.finding} alone and leaves all others to other exporters.
 */
@NullMarked
package io.innerspan.exporter.siem;

import org.jspecify.annotations.NullMarked;
