package dev.prompttuning.training.data.file;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/** The rows of a Parquet file, of which a row group at a time is in memory. */
record ParquetRows(Path file) implements RowFile {

    @Override
    public void read(RowSink sink) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs())
                .build();
        long row = 0;
        try (ParquetFileReader reader = opened(options)) {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
            PageReadStore pages = checked(row, reader::readNextRowGroup);
            while (pages != null) {
                PageReadStore group = pages;
                RecordReader<Group> records =
                        checked(row, () -> columns.getRecordReader(group, new GroupRecordConverter(schema)));
                for (long left = group.getRowCount(); left > 0; left--) {
                    row++;
                    sink.row(
                            file.getFileName() + " row " + row,
                            checked(row, () -> ParquetValues.object(records.read())));
                }
                pages = checked(row, reader::readNextRowGroup);
            }
        }
    }

    private ParquetFileReader opened(ParquetReadOptions options) throws IOException {
        try {
            return ParquetFileReader.open(new LocalInputFile(file), options);
        } catch (RuntimeException e) {
            throw new IOException("it is no whole Parquet file (" + e.getMessage() + ")", e);
        }
    }

    private interface Step<T> {
        T take() throws IOException;
    }

    /** The library throws this and that for what is wrong with a file. */
    private static <T> T checked(long row, Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (IOException | RuntimeException e) {
            throw new IOException("the Parquet file is damaged at row " + row + " (" + e.getMessage() + ")", e);
        }
    }
}
