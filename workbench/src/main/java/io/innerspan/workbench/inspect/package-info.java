/** Which signals a model can carry, and what each of them costs on this machine. */
@NullMarked
package io.innerspan.workbench.inspect;

import org.jspecify.annotations.NullMarked;
