@NullMarked
package io.innerspan.djl.maths;

import org.jspecify.annotations.NullMarked;
