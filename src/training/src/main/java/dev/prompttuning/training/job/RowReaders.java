package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.tuning.DatasetFormat;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.AnswerReader;
import dev.prompttuning.training.data.CausalReader;
import dev.prompttuning.training.data.Columns;
import dev.prompttuning.training.data.ConversationFormat;
import dev.prompttuning.training.data.ConversationReader;
import dev.prompttuning.training.data.ConversationReader.Learned;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.LabeledReader;
import dev.prompttuning.training.data.RowEncoder;
import dev.prompttuning.training.data.RowFormat;
import dev.prompttuning.training.data.RowReader;
import dev.prompttuning.training.data.Seq2SeqReader;
import dev.prompttuning.training.data.Seq2SeqRow;
import dev.prompttuning.training.data.TaggedReader;
import dev.prompttuning.training.data.TaskColumn;
import dev.prompttuning.training.data.TaskRow;
import dev.prompttuning.training.data.Template;
import dev.prompttuning.transformers.chat.AssistantTurns;
import dev.prompttuning.transformers.chat.ChatTemplate;
import dev.prompttuning.transformers.chat.TemplateException;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.Optional;

/** How a job's rows are read. */
final class RowReaders {

    private RowReaders() {}

    /** Rows that a language model learns. */
    static RowReader<EncodedRow> causal(TrainConfig.Data config, Tokenizer tokenizer) {
        long end = endToken(tokenizer);
        TaskColumn tasks = config.tasks() == null
                ? TaskColumn.NONE
                : new TaskColumn(config.tasks().column(), config.tasks().names());
        if (config.format().isConversation()) {
            return conversations(config, tokenizer, (int) end, tasks);
        }
        return new CausalReader(format(config), encoder(config, tokenizer), tasks);
    }

    /** Turns prompts and answers into rows. */
    static RowEncoder encoder(TrainConfig.Data config, Tokenizer tokenizer) {
        return new RowEncoder(tokenizer::encode, endToken(tokenizer), config.maxLength(), config.trainOnPrompt());
    }

    /** Rows of which an encoder reads the prompt and a decoder writes the answer. */
    static RowReader<Seq2SeqRow> seq2seq(TrainConfig.Data config, Tokenizer tokenizer) {
        if (config.format() != DatasetFormat.ALPACA && config.format() != DatasetFormat.PROMPT_COMPLETION) {
            throw new UserMistakeException(
                    "dataset.format %s does not go with task Seq2SeqLM; use Alpaca or PromptCompletion."
                            .formatted(config.format()));
        }
        return new Seq2SeqReader(format(config), tokenizer::encode, endToken(tokenizer), config.maxLength());
    }

    private static long endToken(Tokenizer tokenizer) {
        return tokenizer
                .eosTokenId()
                .orElseThrow(() -> new UserMistakeException(
                        "The base model's tokenizer names no end token; set eos_token in its tokenizer_config.json."));
    }

    private static ConversationReader conversations(
            TrainConfig.Data config, Tokenizer tokenizer, int end, TaskColumn tasks) {
        Columns columns = new Columns(config.columns());
        ConversationFormat format = config.format() == DatasetFormat.MESSAGES
                ? new ConversationFormat.Messages(columns)
                : new ConversationFormat.ShareGpt(columns);
        Learned answers = config.maskHistory() ? Learned.LAST_ANSWER : Learned.ANSWERS;
        return new ConversationReader(
                format,
                new AssistantTurns(chatTemplate(config, tokenizer), tokenizer.specialTokens()),
                tokenizer,
                end,
                config.trainOnPrompt() ? Learned.EVERYTHING : answers,
                config.maxLength(),
                tasks);
    }

    private static ChatTemplate chatTemplate(TrainConfig.Data config, Tokenizer tokenizer) {
        String template = Optional.ofNullable(config.chatTemplate())
                .or(tokenizer::chatTemplate)
                .orElseThrow(() -> new UserMistakeException("The base model has no chat template, which dataset.format "
                        + config.format() + " needs; set dataset.chatTemplate."));
        try {
            return ChatTemplate.parse(template, tokenizer.namedTokens());
        } catch (TemplateException e) {
            String whose = config.chatTemplate() == null ? "The base model's chat template" : "dataset.chatTemplate";
            throw new UserMistakeException(whose + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    /** Rows for a head. */
    static RowReader<TaskRow> task(TrainConfig config, Tokenizer tokenizer) {
        TrainConfig.Data data = config.dataset();
        if (data.format() != DatasetFormat.LABELED) {
            throw new UserMistakeException(
                    "dataset.format %s does not go with task %s; use Labeled.".formatted(data.format(), config.task()));
        }
        Columns columns = new Columns(data.columns());
        return switch (config.task()) {
            case SEQUENCE_CLASSIFICATION -> new LabeledReader(tokenizer, columns, config.labels(), data.maxLength());
            case TOKEN_CLASSIFICATION -> new TaggedReader(tokenizer, columns, config.labels(), data.maxLength());
            case QUESTION_ANSWERING -> new AnswerReader(tokenizer, columns, data.maxLength());
            case CAUSAL_LM, SEQ2SEQ_LM -> throw new IllegalStateException("There is no head for " + config.task());
        };
    }

    private static RowFormat format(TrainConfig.Data config) {
        Columns columns = new Columns(config.columns());
        Optional<dev.prompttuning.api.tuning.Template> given = Optional.ofNullable(config.template());
        DatasetFormat format = config.format();
        return switch (format) {
            case ALPACA ->
                new RowFormat.Alpaca(
                        given.map(template -> Template.alpaca(
                                template.prompt(),
                                Optional.ofNullable(template.promptWithoutInput()),
                                Optional.ofNullable(template.answer()))),
                        columns);
            case PROMPT_COMPLETION ->
                new RowFormat.PromptCompletion(
                        given.map(template ->
                                Template.promptCompletion(template.prompt(), Optional.ofNullable(template.answer()))),
                        columns);
            case TEXT -> new RowFormat.Text(columns);
            default ->
                throw new UserMistakeException(
                        "dataset.format %s does not go with task CausalLM; use another format or set task."
                                .formatted(format));
        };
    }
}
