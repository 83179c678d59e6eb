@NullMarked
package io.innerspan.benchmarks;

import org.jspecify.annotations.NullMarked;
