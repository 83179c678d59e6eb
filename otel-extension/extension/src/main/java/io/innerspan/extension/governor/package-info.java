/**
 * Decides for which inferences the signals behind gates are computed: at a low rate, within a
 * budget of the model's own time, and not while the JVM is short of memory.
 */
@NullMarked
package io.innerspan.extension.governor;

import org.jspecify.annotations.NullMarked;
