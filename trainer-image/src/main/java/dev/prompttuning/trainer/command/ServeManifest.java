package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.ServeConfig;
import dev.prompttuning.api.contract.ServeConfigs;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.serving.Adapter;
import dev.prompttuning.api.serving.AdapterServeSpec;
import dev.prompttuning.api.tuning.PromptTuningJobSpec;
import dev.prompttuning.serving.ServerSettings;
import dev.prompttuning.serving.adapter.AdapterSource;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.job.DownloadLog;
import dev.prompttuning.training.job.ModelSources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/** A manifest file with one AdapterServe, and perhaps the jobs that make its adapters. */
record ServeManifest(Path file, Mounts mounts) {
    private static final Logger LOG = Logger.getLogger(ServeManifest.class);

    ServerSettings settings() {
        List<Manifest> manifests = read();
        AdapterServeSpec spec = serve(manifests);
        ServeConfig config = ServeConfigs.of(spec, mounts, null);
        List<AdapterSource> adapters = (spec.adapters() == null ? List.<Adapter>of() : spec.adapters())
                .stream().map(adapter -> source(adapter, manifests)).toList();
        Integer context = config.engine().maxContextLength();
        return new ServerSettings(
                config.name(),
                new ModelSources(ProcessSurroundings.ofMachine(), new DownloadLog(LOG::info))
                        .folder(config.baseModel()),
                config.baseModel().dtype(),
                config.baseModel().quantization(),
                context == null ? OptionalInt.empty() : OptionalInt.of(context),
                config.engine().maxQueueLength(),
                () -> adapters);
    }

    private List<Manifest> read() {
        try {
            return new Manifests().read(file);
        } catch (IOException e) {
            throw new UserMistakeException(file + " cannot be read: " + e.getMessage() + ".");
        }
    }

    private AdapterServeSpec serve(List<Manifest> manifests) {
        List<AdapterServeSpec> specs = manifests.stream()
                .filter(Manifest.Serve.class::isInstance)
                .map(manifest -> ((Manifest.Serve) manifest).spec())
                .toList();
        if (specs.size() != 1) {
            throw new UserMistakeException(
                    file + " holds " + specs.size() + " AdapterServe documents; give a file with exactly one.");
        }
        return specs.get(0);
    }

    private AdapterSource source(Adapter adapter, List<Manifest> manifests) {
        var claim = adapter.persistentVolumeClaim();
        String path = claim == null ? output(adapter, manifests) : mounts.claim(claim.claimName(), claim.path());
        return new AdapterSource(adapter.name(), Path.of(path));
    }

    /** Where the job of the same file leaves its adapter. */
    private String output(Adapter adapter, List<Manifest> manifests) {
        String job = adapter.job() == null ? "" : adapter.job().name();
        PromptTuningJobSpec spec = manifests.stream()
                .filter(manifest ->
                        manifest instanceof Manifest.Job && manifest.name().equals(job))
                .map(manifest -> ((Manifest.Job) manifest).spec())
                .findFirst()
                .orElseThrow(() -> new UserMistakeException(file + ": the adapter " + adapter.name()
                        + " is made by the job \""
                        + job + "\", which is not in the file; add the job's manifest, or name the adapter's folder by"
                        + " persistentVolumeClaim."));
        var output = spec.output().persistentVolumeClaim();
        return mounts.claim(output.claimName(), output.path()) + "/" + spec.adapterName(job);
    }
}
