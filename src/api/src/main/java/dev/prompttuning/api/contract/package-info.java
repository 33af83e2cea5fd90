/** The files, messages and exit codes that pass between operator and pods: plain records, read and written as JSON. */
package dev.prompttuning.api.contract;
