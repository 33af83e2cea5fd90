/** The resource types of the group {@code prompttuning.dev} and the contract between operator and pods. */
package dev.prompttuning.api;
