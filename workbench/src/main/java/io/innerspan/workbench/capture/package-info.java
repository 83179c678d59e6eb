/** Capturing activations of many texts to a file. */
@NullMarked
package io.innerspan.workbench.capture;

import org.jspecify.annotations.NullMarked;
