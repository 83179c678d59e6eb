/**
 * When inferences are explained, and where: one thread that no request waits for, a queue and a
 * memory limit that are never exceeded, and whatever goes wrong ends here.
 */
@NullMarked
package io.innerspan.extension.saliency;

import org.jspecify.annotations.NullMarked;
