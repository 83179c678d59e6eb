/**
 * Holds packs to their golden inputs: a model runs on them before anything is read of it, and a
 * pack that it contradicts gives no reading.
 */
@NullMarked
package io.innerspan.djl.golden;

import org.jspecify.annotations.NullMarked;
