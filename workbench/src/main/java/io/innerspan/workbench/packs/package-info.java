/** Showing, comparing and importing packs. */
@NullMarked
package io.innerspan.workbench.packs;

import org.jspecify.annotations.NullMarked;
