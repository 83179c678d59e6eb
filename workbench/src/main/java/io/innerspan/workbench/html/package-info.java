/** Reports as single HTML files that need no network. */
@NullMarked
package io.innerspan.workbench.html;

import org.jspecify.annotations.NullMarked;
