/** Serving one base model and many adapters on it, without any web framework: protocol, registry and engine. */
package dev.prompttuning.serving;
