/** A dictionary of features with versions, in one SQLite file. */
@NullMarked
package io.innerspan.workbench.features;

import org.jspecify.annotations.NullMarked;
