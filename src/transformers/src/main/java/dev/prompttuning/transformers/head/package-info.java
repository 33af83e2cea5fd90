/** Models that score labels or places in a text instead of the next token: a {@link dev.prompttuning.transformers.model.Backbone} and a head. */
package dev.prompttuning.transformers.head;
