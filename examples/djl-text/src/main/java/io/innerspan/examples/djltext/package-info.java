/**
 * A small text-classification service on DJL as a team would write it; it knows nothing of
 * Innerspan.
 */
@NullMarked
package io.innerspan.examples.djltext;

import org.jspecify.annotations.NullMarked;
