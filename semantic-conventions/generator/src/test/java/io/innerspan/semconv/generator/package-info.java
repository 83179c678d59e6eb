@NullMarked
package io.innerspan.semconv.generator;

import org.jspecify.annotations.NullMarked;
