/**
 * Measures what Innerspan costs: whole JVMs side by side, what is added in Java around the native
 * call, and start-up. Begin with {@link io.innerspan.benchmarks.Benchmarks}.
 */
@NullMarked
package io.innerspan.benchmarks;

import org.jspecify.annotations.NullMarked;
