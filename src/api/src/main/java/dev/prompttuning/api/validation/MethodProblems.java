package dev.prompttuning.api.validation;

import dev.prompttuning.api.tuning.Lora;
import dev.prompttuning.api.tuning.Method;
import dev.prompttuning.api.tuning.Tasks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What is wrong with a method. */
final class MethodProblems {

    private final List<String> found = new ArrayList<>();

    private MethodProblems() {}

    static List<String> of(Method method, Tasks tasks) {
        MethodProblems problems = new MethodProblems();
        if (method == null) {
            return List.of(
                    "method is missing: set one of promptTuning, pTuning, prefixTuning, multitaskPromptTuning, fullFineTuning and lora.");
        }
        problems.combination(method);
        problems.prompts(method);
        problems.tasks(method, tasks);
        if (method.lora() != null) {
            problems.lora(method.lora());
        }
        return problems.found;
    }

    private void combination(Method method) {
        long alone = Stream.of(
                        method.promptTuning(),
                        method.pTuning(),
                        method.prefixTuning(),
                        method.multitaskPromptTuning(),
                        method.fullFineTuning())
                .filter(Objects::nonNull)
                .count();
        require(
                alone <= 1,
                "method must have at most one of promptTuning, pTuning, prefixTuning, multitaskPromptTuning and fullFineTuning.");
        require(
                alone > 0 || method.lora() != null,
                "method is empty: set one of promptTuning, pTuning, prefixTuning, multitaskPromptTuning, fullFineTuning and lora.");
        require(
                method.fullFineTuning() == null || method.lora() == null,
                "method.lora adds to frozen weights, so it cannot stand beside fullFineTuning: leave one of them out.");
    }

    private void prompts(Method method) {
        if (method.promptTuning() != null) {
            var init = method.promptTuning().init();
            virtualTokens("promptTuning", method.promptTuning().numVirtualTokens());
            initText("promptTuning", init != null && isText(init.type()), init == null ? null : init.text());
        }
        if (method.pTuning() != null) {
            virtualTokens("pTuning", method.pTuning().numVirtualTokens());
        }
        if (method.multitaskPromptTuning() != null) {
            var multitask = method.multitaskPromptTuning();
            virtualTokens("multitaskPromptTuning", multitask.numVirtualTokens());
            initText(
                    "multitaskPromptTuning",
                    multitask.init() != null && isText(multitask.init().type()),
                    multitask.init() == null ? null : multitask.init().text());
            require(
                    multitask.rank() == null || multitask.rank() >= 1,
                    "method.multitaskPromptTuning.rank is " + multitask.rank() + ": set it to 1 or more.");
        }
        if (method.prefixTuning() != null) {
            var init = method.prefixTuning().init();
            virtualTokens("prefixTuning", method.prefixTuning().numVirtualTokens());
            initText("prefixTuning", init != null && isText(init.type()), init == null ? null : init.text());
            require(
                    init == null || method.prefixTuning().projection() == null,
                    "method.prefixTuning.init and projection exclude each other: leave one of them out.");
        }
    }

    private void tasks(Method method, Tasks tasks) {
        boolean knowsTasks = method.knowsTasks();
        boolean perTask = Boolean.TRUE.equals(method.promptPerTask());
        require(
                !perTask || method.promptTuning() != null || method.pTuning() != null || method.prefixTuning() != null,
                "method.promptPerTask needs one of promptTuning, pTuning and prefixTuning: set one, or leave it out.");
        require(
                !knowsTasks || method.lora() == null,
                "method.lora stands beside one prompt, so neither beside multitaskPromptTuning nor beside promptPerTask:"
                        + " leave one of them out.");
        require(
                !knowsTasks || tasks != null,
                "dataset.tasks is missing: name the tasks that method is to make prompts for.");
        if (tasks == null) {
            return;
        }
        List<String> names = tasks.names() == null ? List.of() : tasks.names();
        require(
                names.size() >= 2 && new HashSet<>(names).size() == names.size(),
                "dataset.tasks.names must name two tasks or more, each once.");
        for (String name : names) {
            require(
                    name.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"),
                    "dataset.tasks.names has \"" + name + "\": use small letters, digits and hyphens.");
        }
    }

    private static boolean isText(Enum<?> type) {
        return type != null && type.name().equals("TEXT");
    }

    private void virtualTokens(String method, Integer count) {
        atLeastOne("method." + method + ".numVirtualTokens", count);
    }

    private void initText(String method, boolean wanted, String text) {
        require(
                wanted == (text != null && !text.isBlank()),
                "method." + method + ".init: type Text needs a text that is not blank, the other types take none.");
    }

    private void lora(Lora lora) {
        atLeastOne("method.lora.rank", lora.rank());
        Double alpha = lora.alpha();
        require(alpha == null || alpha > 0, "method.lora.alpha is " + alpha + ": set it above 0.");
        Double dropout = lora.dropout();
        require(
                dropout == null || dropout >= 0 && dropout < 1,
                "method.lora.dropout is " + dropout + ": set it to 0 or more and below 1.");
        require(
                lora.targetModules() == null || !lora.targetModules().isEmpty(),
                "method.lora.targetModules is empty: name linear layers, or leave it out.");
    }

    private void atLeastOne(String field, Integer value) {
        require(
                value != null && value >= 1,
                field + " is " + (value == null ? "missing" : value) + ": set it to 1 or more.");
    }

    private void require(boolean right, String sentence) {
        if (!right) {
            found.add(sentence);
        }
    }
}
