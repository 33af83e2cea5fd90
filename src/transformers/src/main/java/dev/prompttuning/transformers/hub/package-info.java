/** Fetches model folders over HTTP, from the Hugging Face Hub's interface or below any prefix, into a cache. */
package dev.prompttuning.transformers.hub;
