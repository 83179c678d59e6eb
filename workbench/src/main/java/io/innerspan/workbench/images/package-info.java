/** Images as a model's inputs. */
@NullMarked
package io.innerspan.workbench.images;

import org.jspecify.annotations.NullMarked;
