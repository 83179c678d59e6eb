@NullMarked
package io.innerspan.recorder;

import org.jspecify.annotations.NullMarked;
