package dev.prompttuning.trainer.compare;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.knowm.xchart.internal.chartpart.Chart;

/** Draws charts as SVG, without a screen. */
final class SvgDrawing {
    /** Hundredths of a pixel are all that can be seen of outlines, and the rest is most of a drawing's size. */
    private static final Pattern TOO_PRECISE = Pattern.compile("(\\d\\.\\d\\d)\\d+");

    private SvgDrawing() {}

    static String of(Chart<?, ?> chart) {
        VectorGraphics2D graphics = new VectorGraphics2D();
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        try {
            new SVGProcessor()
                    .getDocument(graphics.getCommands(), new PageSize(0, 0, chart.getWidth(), chart.getHeight()))
                    .writeTo(svg);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return TOO_PRECISE.matcher(svg.toString(StandardCharsets.UTF_8)).replaceAll("$1");
    }
}
