/** Shows every kind of signal on a model that has it. */
@NullMarked
package io.innerspan.examples.signals;

import org.jspecify.annotations.NullMarked;
