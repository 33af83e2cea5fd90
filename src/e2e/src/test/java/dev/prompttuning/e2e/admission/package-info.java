/** What the API server admits, refuses, fills in and leaves alone. */
package dev.prompttuning.e2e.admission;
