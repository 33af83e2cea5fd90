/** What both resources say about base models, volumes and secrets. */
package dev.prompttuning.api.model;
