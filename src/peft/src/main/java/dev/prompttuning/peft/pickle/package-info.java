/**
 * Reads the zip files of {@code torch.save}, as which PEFT once stored its adapters, without running what they ask for.
 *
 * <p>Such a file holds a pickle: a program for a stack machine that may call anything in Python. The reader here knows the
 * few instructions and names a dictionary of tensors takes and refuses all others.
 */
package dev.prompttuning.peft.pickle;
