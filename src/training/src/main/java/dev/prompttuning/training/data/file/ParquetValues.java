package dev.prompttuning.training.data.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Parquet's records as JSON: structs as objects, lists as arrays, maps as objects by the keys' texts, dates and times as in ISO
 * 8601. What is null is left out of an object.
 *
 * @see <a href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md">Parquet's logical types</a>
 */
final class ParquetValues {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ParquetValues() {}

    static ObjectNode object(Group group) {
        ObjectNode object = JSON.objectNode();
        for (Type field : group.getType().getFields()) {
            JsonNode value = field(group, field);
            if (value != null) {
                object.set(field.getName(), value);
            }
        }
        return object;
    }

    /** The field's value, or null. */
    private static JsonNode field(Group group, Type field) {
        String name = field.getName();
        int count = group.getFieldRepetitionCount(name);
        if (field.isRepetition(Type.Repetition.REPEATED)) {
            ArrayNode list = JSON.arrayNode();
            for (int i = 0; i < count; i++) {
                list.add(value(group, field, i));
            }
            return list;
        }
        return count == 0 ? null : value(group, field, 0);
    }

    private static JsonNode value(Group group, Type field, int index) {
        String name = field.getName();
        LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
        if (field.isPrimitive()) {
            return primitive(group, field.asPrimitiveType(), index);
        }
        Group inner = group.getGroup(name, index);
        if (logical instanceof ListLogicalTypeAnnotation) {
            return list(inner, name);
        }
        return logical instanceof MapLogicalTypeAnnotation ? map(inner) : object(inner);
    }

    private static ArrayNode list(Group group, String name) {
        Type repeated = group.getType().getType(0);
        ArrayNode list = JSON.arrayNode();
        for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
            JsonNode element = isElement(repeated, name)
                    ? value(group, repeated, i)
                    : field(group.getGroup(0, i), ((GroupType) repeated).getType(0));
            list.add(element == null ? JSON.nullNode() : element);
        }
        return list;
    }

    /** Whether the repeated field is the list's element, as old writers have it, rather than a group around it. */
    private static boolean isElement(Type repeated, String list) {
        return repeated.isPrimitive()
                || repeated.asGroupType().getFieldCount() != 1
                || repeated.getName().equals("array")
                || repeated.getName().equals(list + "_tuple");
    }

    private static ObjectNode map(Group group) {
        ObjectNode map = JSON.objectNode();
        for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
            Group entry = group.getGroup(0, i);
            GroupType type = entry.getType();
            JsonNode value = type.getFieldCount() > 1 ? field(entry, type.getType(1)) : null;
            map.set(field(entry, type.getType(0)).asText(), value == null ? JSON.nullNode() : value);
        }
        return map;
    }

    private static JsonNode primitive(Group group, PrimitiveType type, int index) {
        String name = type.getName();
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> JSON.booleanNode(group.getBoolean(name, index));
            case FLOAT -> JSON.numberNode(group.getFloat(name, index));
            case DOUBLE -> JSON.numberNode(group.getDouble(name, index));
            case INT32 -> whole(group.getInteger(name, index), logical);
            case INT64 -> whole(group.getLong(name, index), logical);
            case INT96 -> JSON.binaryNode(group.getInt96(name, index).getBytes());
            case BINARY, FIXED_LEN_BYTE_ARRAY -> {
                byte[] bytes = group.getBinary(name, index).getBytes();
                if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
                    yield JSON.numberNode(new BigDecimal(new BigInteger(bytes), decimal.getScale()));
                }
                // Some writers do not say that bytes are a text.
                yield type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BINARY
                        ? JSON.textNode(new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
                        : JSON.binaryNode(bytes);
            }
        };
    }

    private static JsonNode whole(long number, LogicalTypeAnnotation logical) {
        if (logical instanceof DateLogicalTypeAnnotation) {
            return JSON.textNode(LocalDate.ofEpochDay(number).toString());
        }
        if (logical instanceof TimestampLogicalTypeAnnotation time) {
            ChronoUnit unit =
                    switch (time.getUnit()) {
                        case MILLIS -> ChronoUnit.MILLIS;
                        case MICROS -> ChronoUnit.MICROS;
                        case NANOS -> ChronoUnit.NANOS;
                    };
            return JSON.textNode(Instant.EPOCH.plus(number, unit).toString());
        }
        return logical instanceof DecimalLogicalTypeAnnotation decimal
                ? JSON.numberNode(BigDecimal.valueOf(number, decimal.getScale()))
                : JSON.numberNode(number);
    }
}
