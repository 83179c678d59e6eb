/** Labelled texts: reading them, and splitting them by group. */
@NullMarked
package io.innerspan.workbench.data;

import org.jspecify.annotations.NullMarked;
