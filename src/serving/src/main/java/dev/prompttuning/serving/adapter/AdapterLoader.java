package dev.prompttuning.serving.adapter;

/** Loads adapters for one base model. */
public interface AdapterLoader {

    /** @throws dev.prompttuning.peft.adapter.InvalidAdapterException when it cannot be served, with one sentence on why and what to do */
    LoadedAdapter load(AdapterSource source);

    /** Frees what {@link #load} made, behind the requests that still use it. */
    void unload(LoadedAdapter adapter);
}
