@NullMarked
package io.innerspan.djl.torchscript;

import org.jspecify.annotations.NullMarked;
