/** Probe packs: manifest, weights and golden cases for one model; reading and writing them. */
@NullMarked
package io.innerspan.signals.pack;

import org.jspecify.annotations.NullMarked;
