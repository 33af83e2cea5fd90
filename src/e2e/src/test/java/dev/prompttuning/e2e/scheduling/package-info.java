/** Where pods go that ask for GPUs; a node that is only pretended has them. */
package dev.prompttuning.e2e.scheduling;
