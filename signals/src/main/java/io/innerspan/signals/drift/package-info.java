/**
 * Tells streams of readings that left their baseline from those that did not, at a bounded rate of
 * false findings. Knows no clock: time is passed in.
 */
@NullMarked
package io.innerspan.signals.drift;

import org.jspecify.annotations.NullMarked;
