@NullMarked
package io.innerspan.djl.block;

import org.jspecify.annotations.NullMarked;
