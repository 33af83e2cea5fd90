/**
 * What {@code ./quickstart} shows: a cluster in this JVM, the operator on it, the example applied, trained, served and asked.
 */
package dev.prompttuning.quickstart.tour;
