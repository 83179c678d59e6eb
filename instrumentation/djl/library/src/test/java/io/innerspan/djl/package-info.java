@NullMarked
package io.innerspan.djl;

import org.jspecify.annotations.NullMarked;
