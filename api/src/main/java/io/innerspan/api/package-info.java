/**
 * What an application tells Innerspan's agent and may ask it. No class here has a dependency, and
 * without the agent every method does nothing: what is reported is dropped, and there is no
 * reading. {@link io.innerspan.api.Innerspan} is where to begin.
 */
@NullMarked
package io.innerspan.api;

import org.jspecify.annotations.NullMarked;
