/** The JMH benchmarks, and what they need inside their JVM. */
@NullMarked
package io.innerspan.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
