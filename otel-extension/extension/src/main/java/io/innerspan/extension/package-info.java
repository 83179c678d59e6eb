/** The agent's extension: settings, packs, and the wiring of engines to telemetry. */
@NullMarked
package io.innerspan.extension;

import org.jspecify.annotations.NullMarked;
