/** Signals, readings and the reference mathematics that every engine is held to. */
@NullMarked
package io.innerspan.signals;

import org.jspecify.annotations.NullMarked;
