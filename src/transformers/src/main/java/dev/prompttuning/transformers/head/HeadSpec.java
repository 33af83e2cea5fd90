package dev.prompttuning.transformers.head;

/**
 * The head that is wanted.
 *
 * @param numLabels number of labels; for {@link HeadTask#QUESTION_ANS} it is always 2, for start and end
 * @param seed of the weights of a new head, which is made where the model's files have none
 */
public record HeadSpec(HeadTask task, int numLabels, long seed) {

    public HeadSpec {
        if (task == HeadTask.QUESTION_ANS && numLabels != 2) {
            throw new IllegalArgumentException(
                    "Question answering scores starts and ends, not " + numLabels + " labels");
        }
        if (numLabels < 2) {
            throw new IllegalArgumentException("A classifier needs two labels at least, not " + numLabels);
        }
    }
}
