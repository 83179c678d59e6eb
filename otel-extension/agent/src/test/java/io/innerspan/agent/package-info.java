/** The product under test: the built jar in child JVMs, with real engines and a real receiver. */
@NullMarked
package io.innerspan.agent;

import org.jspecify.annotations.NullMarked;
