/** What a user may change in the pods of a resource. */
package dev.prompttuning.api.pod;
