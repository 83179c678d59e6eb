/** A small embedding service as a team would write it; it knows nothing of Innerspan. */
@NullMarked
package io.innerspan.examples.quickstart;

import org.jspecify.annotations.NullMarked;
