/** The same cases on the embedded API server, for which no cluster is needed. */
package dev.prompttuning.e2e.admission.embedded;
