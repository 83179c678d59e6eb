/**
 * TorchScript models and blocks of Java on DJL's PyTorch engine, which is on the class path only
 * where it is used.
 */
@NullMarked
package io.innerspan.workbench.torch;

import org.jspecify.annotations.NullMarked;
