package dev.prompttuning.peft.pickle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A dictionary of tensors that {@code torch.save} wrote (PyTorch 1.6 or later), such as {@code adapter_model.bin}.
 *
 * <p>Nothing in the file is executed: names outside a short list of tensor constructors are refused, and no memory is
 * taken that the file's own size does not account for.
 */
public final class TorchArchive {

    private static final String PICKLE = "/data.pkl";
    private static final int MAX_PICKLE_BYTES = 16 << 20;
    private static final int MAX_STORAGE_BYTES = Integer.MAX_VALUE - 8;

    private final ZipFile zip;
    private final String top;
    private final ByteOrder byteOrder;
    private final long fileBytes;
    private final Map<String, byte[]> storages = new HashMap<>();

    private TorchArchive(ZipFile zip, long fileBytes) throws IOException {
        this.zip = zip;
        this.fileBytes = fileBytes;
        checkEntries();
        this.top = topFolder();
        this.byteOrder = byteOrder();
    }

    /**
     * Reads the tensors of the dictionary; its other entries are left out.
     *
     * @param manager owner of the tensors
     * @return the tensors in the file's order, all as float32 and row-major
     * @throws InvalidAdapterException when the file is unreadable, is no such dictionary, or asks for anything that tensors
     *     do not need
     */
    public static Map<String, NDArray> read(Path file, NDManager manager) {
        try {
            checkSignature(file);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return new TorchArchive(zip, Files.size(file)).tensors(manager);
            }
        } catch (RefusedPickleException e) {
            throw new InvalidAdapterException("%s %s; it was not loaded".formatted(file, e.getMessage()), e);
        } catch (ZipException e) {
            throw new InvalidAdapterException(
                    "%s is truncated or damaged (%s); copy or download it again".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw new InvalidAdapterException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void checkSignature(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(512);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("PK\3\4")) {
            return;
        }
        // Older files are a tar archive or begin with a pickled magic number.
        if (text.startsWith("\u0080") || text.startsWith("ustar", 257)) {
            throw new RefusedPickleException(
                    "was written in the format of PyTorch before 1.6, which is not read:"
                            + " convert it to safetensors (torch.load with weights_only=True, then safetensors.torch.save_file)");
        }
        throw new RefusedPickleException("is no file of torch.save: give a safetensors file instead");
    }

    /** PyTorch stores its entries as they are, so together they are no larger than the file. */
    private void checkEntries() {
        long total = 0;
        for (ZipEntry entry :
                (Iterable<ZipEntry>) () -> zip.stream().<ZipEntry>map(e -> e).iterator()) {
            if (entry.getMethod() != ZipEntry.STORED) {
                throw new RefusedPickleException("is compressed, which torch.save never does");
            }
            total += entry.getSize();
            if (entry.getSize() < 0 || total > fileBytes) {
                throw RefusedPickleException.malformed("its entries claim to be larger than the file");
            }
        }
    }

    private String topFolder() {
        List<String> pickles = zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(PICKLE))
                .toList();
        if (pickles.size() != 1) {
            throw new RefusedPickleException("is no file of torch.save: it holds %d files named data.pkl instead of one"
                    .formatted(pickles.size()));
        }
        return pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
    }

    /** Files older than PyTorch 2.1 do not say; they are little-endian. */
    private ByteOrder byteOrder() throws IOException {
        if (zip.getEntry(top + "/byteorder") == null) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        String order = new String(entry("byteorder", 16), StandardCharsets.UTF_8);
        return switch (order) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw RefusedPickleException.malformed("its byte order is neither little nor big");
        };
    }

    private Map<String, NDArray> tensors(NDManager manager) throws IOException {
        Object root = Unpickler.load(entry("data.pkl", MAX_PICKLE_BYTES));
        if (!(root instanceof Map<?, ?> dictionary)) {
            throw new RefusedPickleException("holds no dictionary of tensors");
        }
        Map<String, StridedTensor> views = new LinkedHashMap<>();
        dictionary.forEach((key, value) -> {
            if (key instanceof String name && value instanceof StridedTensor tensor) {
                views.put(name, tensor);
            }
        });
        // Tensors may share their data, and a stride of zero repeats it.
        if (views.values().stream().mapToLong(StridedTensor::count).sum() > fileBytes) {
            throw new RefusedPickleException("describes tensors of more elements than the file has bytes");
        }
        for (StridedTensor view : views.values()) {
            readStorage(view.storage());
        }
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        views.forEach((name, view) -> {
            ByteBuffer data =
                    ByteBuffer.wrap(storages.get(view.storage().key())).order(byteOrder);
            tensors.put(name, manager.create(view.elements(data), new Shape(view.shape())));
        });
        return tensors;
    }

    private void readStorage(Storage storage) throws IOException {
        byte[] data = storages.get(storage.key());
        if (data == null) {
            data = entry("data/" + storage.key(), MAX_STORAGE_BYTES);
            storages.put(storage.key(), data);
        }
        if (storage.size() != data.length / storage.type().bytes()) {
            throw RefusedPickleException.malformed("it describes %d elements of %s, but stores %d bytes"
                    .formatted(storage.size(), storage.type().pythonName(), data.length));
        }
    }

    private byte[] entry(String name, int maxBytes) throws IOException {
        ZipEntry entry = zip.getEntry(top + "/" + name);
        if (entry == null) {
            throw RefusedPickleException.malformed("a part that it refers to is missing");
        }
        if (entry.getSize() > maxBytes) {
            throw new RefusedPickleException(
                    "has a part of %d bytes, but at most %d are read".formatted(entry.getSize(), maxBytes));
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) entry.getSize());
            if (bytes.length != entry.getSize()) {
                throw RefusedPickleException.malformed("it ends early");
            }
            return bytes;
        }
    }
}
