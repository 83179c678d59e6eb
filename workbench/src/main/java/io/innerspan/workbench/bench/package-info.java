/** Small counterparts of published benchmarks. */
@NullMarked
package io.innerspan.workbench.bench;

import org.jspecify.annotations.NullMarked;
