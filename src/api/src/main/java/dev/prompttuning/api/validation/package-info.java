/** What is wrong with a spec beyond its schema, as far as it can be told without a cluster. */
package dev.prompttuning.api.validation;
