/** What sub-commands answer over HTTP. Each mounts its own routes when it starts. */
package dev.prompttuning.trainer.http;
