package dev.prompttuning.serving.adapter;

import dev.prompttuning.api.contract.AdapterList;
import dev.prompttuning.api.contract.ContractJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The adapter list of the contract with the operator.
 *
 * @param paths where a path of the list is on this machine
 */
public record AdapterListFile(Path file, Function<String, Path> paths) implements Supplier<List<AdapterSource>> {

    /** @throws IllegalArgumentException with one sentence, when the file is missing or wrong */
    @Override
    public List<AdapterSource> get() {
        try {
            AdapterList list = ContractJson.read(Files.readString(file), AdapterList.class);
            return list.adapters() == null
                    ? List.of()
                    : list.adapters().stream()
                            .map(entry -> new AdapterSource(entry.name(), paths.apply(entry.path())))
                            .toList();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("The adapter list " + file + " is not there.", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The adapter list " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
