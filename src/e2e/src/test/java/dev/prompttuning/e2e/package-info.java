/** Tests of the installed product on the cluster that {@code KUBECONFIG} names. */
package dev.prompttuning.e2e;
