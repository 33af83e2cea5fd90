/** Reading resources from YAML files without a cluster. */
package dev.prompttuning.api.manifest;
