/** The reconciler of AdapterServe: one Deployment, its Service and its configuration. */
package dev.prompttuning.operator.adapterserve;
