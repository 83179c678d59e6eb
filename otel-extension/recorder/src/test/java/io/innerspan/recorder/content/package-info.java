@NullMarked
package io.innerspan.recorder.content;

import org.jspecify.annotations.NullMarked;
