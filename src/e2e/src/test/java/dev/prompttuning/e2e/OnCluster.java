package dev.prompttuning.e2e;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Installs once for all test classes of the run, and gives tests the {@link Installation}. */
public final class OnCluster implements BeforeAllCallback, ParameterResolver {
    private static final Namespace STORE = Namespace.create(OnCluster.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        installation(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Installation.class;
    }

    @Override
    public Installation resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return installation(context);
    }

    private static Installation installation(ExtensionContext context) {
        return context.getRoot()
                .getStore(STORE)
                .getOrComputeIfAbsent("installation", key -> Installation.start(), Installation.class);
    }
}
