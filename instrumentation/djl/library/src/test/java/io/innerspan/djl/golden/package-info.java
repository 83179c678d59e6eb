@NullMarked
package io.innerspan.djl.golden;

import org.jspecify.annotations.NullMarked;
