/** A Kubernetes cluster in one JVM, for the quickstart and for tests: an API server, one node, the controllers. */
package dev.prompttuning.localcluster;
