/** The {@code innerspan} command: inspect a model, capture its activations, train a probe pack. */
@NullMarked
package io.innerspan.workbench;

import org.jspecify.annotations.NullMarked;
