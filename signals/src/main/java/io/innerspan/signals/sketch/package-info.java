/** Mergeable summaries of streams of numbers, in bounded memory. */
@NullMarked
package io.innerspan.signals.sketch;

import org.jspecify.annotations.NullMarked;
