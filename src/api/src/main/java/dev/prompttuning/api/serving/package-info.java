/** The AdapterServe resource: a base model served with many adapters. */
package dev.prompttuning.api.serving;
