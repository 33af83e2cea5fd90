package dev.prompttuning.operator;

/** Images with names that tests recognise. */
public record TestImages(String trainerCpu, String trainerCuda) implements Images {
    public static final TestImages IMAGES = new TestImages("trainer:cpu", "trainer:cuda");
}
