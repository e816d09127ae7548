package org.pontoon.cli.report;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.apache.batik.svggen.ImageHandlerBase64Encoder;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.pontoon.engine.file.WholeFile;
import org.w3c.dom.Document;

/**
 * Panels in a grid under one title and above one legend, written as PNG or SVG: the same picture in both.
 *
 * <p>Nothing outside this class, {@link Plot} and {@link Pixels} touches AWT, XChart or Batik, so a command that draws nothing loads none of them.
 */
public final class Picture {

    /** Pixels of a PNG per unit; the picture's natural size is in units of 1/72 inch. */
    private static final int PNG_SCALE = 2;
    private static final int LEGEND_HEIGHT = 30;
    private static final int TITLE_HEIGHT = 34;
    private static final int HEADING_HEIGHT = 24;
    private static final int HEADING_INDENT = 8;
    private static final Font FONT = Plot.FONT;

    private final String title;
    private final int panelWidth;
    private final int panelHeight;
    private final List<Plot> panels = new ArrayList<>();
    private final List<String> headings = new ArrayList<>();
    private int columns = Integer.MAX_VALUE;

    /**
     * Starts a picture.
     *
     * @param title what stands above all panels, may be empty
     * @param panelWidth width of one panel in units of 1/72 inch
     * @param panelHeight height of one panel in the same units
     */
    public Picture(String title, int panelWidth, int panelHeight) {
        this.title = title;
        this.panelWidth = panelWidth;
        this.panelHeight = panelHeight;
    }

    /**
     * Adds a panel to the right of the others, or in the next row where the row is full.
     *
     * @param panel the panel
     * @return this picture
     */
    public Picture add(Plot panel) {
        panels.add(panel);
        return this;
    }

    /**
     * Sets how many panels stand in a row (default: all).
     *
     * @param count at least 1
     * @return this picture
     */
    public Picture columns(int count) {
        columns = count;
        return this;
    }

    /**
     * Puts a heading above every row, at its left end.
     *
     * @param rows the headings, from the top
     * @return this picture
     */
    public Picture headings(List<String> rows) {
        headings.addAll(rows);
        return this;
    }

    /**
     * Tells whether a picture can be written under a name.
     *
     * @param file a file name
     * @return true if it ends in .png or .svg
     */
    public static boolean isPictureName(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".png") || name.endsWith(".svg");
    }

    /**
     * Writes the picture, whole or not at all, in the format that the name asks for.
     *
     * @param file a name that ends in .png or .svg
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if the name ends otherwise
     */
    public void write(Path file) throws IOException {
        if (!isPictureName(file)) {
            throw new IllegalArgumentException(file + " is no picture's name, expected one that ends in .png or .svg");
        }
        boolean svg = file.toString().toLowerCase(Locale.ROOT).endsWith(".svg");
        try (WholeFile whole = WholeFile.create(file); OutputStream out = new BufferedOutputStream(whole.stream(), 1 << 16)) {
            if (svg) {
                writeSvg(out);
            } else {
                writePng(out);
            }
            out.flush();
            whole.commit();
        }
    }

    private int width() {
        return panelWidth * Math.min(columns, panels.size());
    }

    private int height() {
        int across = Math.min(columns, panels.size());
        int rows = (panels.size() + across - 1) / across;
        return (title.isEmpty() ? 0 : TITLE_HEIGHT) + rowHeight() * rows + (legend().isEmpty() ? 0 : LEGEND_HEIGHT);
    }

    private int rowHeight() {
        return panelHeight + (headings.isEmpty() ? 0 : HEADING_HEIGHT);
    }

    private void writePng(OutputStream out) throws IOException {
        BufferedImage image = new BufferedImage(width() * PNG_SCALE, height() * PNG_SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        smooth(g);
        g.scale(PNG_SCALE, PNG_SCALE);
        paint(g, false);
        g.dispose();
        ImageIO.setUseCache(false);
        if (!ImageIO.write(image, "png", out)) {
            throw new IOException("this JDK cannot write PNG");
        }
    }

    private void writeSvg(OutputStream out) throws IOException {
        Document document;
        try {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation()
                .createDocument("http://www.w3.org/2000/svg", "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IOException("this JDK cannot make an XML document", e);
        }
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setComment("Pontoon");
        context.setImageHandler(new PngInSvg());
        context.setPrecision(3);
        SVGGraphics2D g = new SVGGraphics2D(context, false);
        g.setSVGCanvasSize(new Dimension(width(), height()));
        paint(g, true);
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        org.w3c.dom.Element root = g.getRoot();
        root.setAttributeNS(null, "viewBox", "0 0 " + width() + " " + height());
        g.stream(root, writer, true, false);
        writer.flush();
    }

    static void smooth(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setRenderingHint(RenderingHints.KEY_RENDERING, RenderingHints.VALUE_RENDER_QUALITY);
    }

    private void paint(Graphics2D g, boolean vector) {
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, 0, width(), height()));
        int top = title.isEmpty() ? 0 : TITLE_HEIGHT;
        if (!title.isEmpty()) {
            Font bold = FONT.deriveFont(Font.BOLD, 15f);
            paintText(g, bold, title, (width() - textWidth(g, bold, title)) / 2, 23);
        }
        int across = Math.min(columns, panels.size());
        for (int row = 0; row < headings.size(); row++) {
            paintText(g, FONT.deriveFont(Font.BOLD, 12.5f), headings.get(row), HEADING_INDENT,
                top + row * rowHeight() + HEADING_HEIGHT - 6);
        }
        for (int i = 0; i < panels.size(); i++) {
            Graphics2D part = (Graphics2D) g.create();
            part.translate(i % across * panelWidth, top + i / across * rowHeight() + rowHeight() - panelHeight);
            panels.get(i).paint(part, panelWidth, panelHeight, vector);
            part.dispose();
        }
        paintLegend(g);
    }

    private void paintLegend(Graphics2D g) {
        Map<String, Plot.Layer> legend = legend();
        double width = 0;
        for (String label : legend.keySet()) {
            width += entryWidth(g, label);
        }
        double x = (width() - width) / 2;
        double y = height() - LEGEND_HEIGHT / 2.0 - 3;
        for (Map.Entry<String, Plot.Layer> entry : legend.entrySet()) {
            Plot.paintSample(g, entry.getValue(), x + 13, y);
            paintText(g, FONT, entry.getKey(), x + 30, y + 4.3);
            x += entryWidth(g, entry.getKey());
        }
    }

    private static double entryWidth(Graphics2D g, String label) {
        return 30 + textWidth(g, FONT, label) + 18;
    }

    /** Text as outlines, as XChart draws its own: an SVG then looks the same where this machine's fonts are missing. */
    static void paintText(Graphics2D g, Font font, String text, double x, double y) {
        g.setColor(Plot.TEXT);
        g.fill(font.createGlyphVector(g.getFontRenderContext(), text).getOutline((float) x, (float) y));
    }

    static double textWidth(Graphics2D g, Font font, String text) {
        return font.createGlyphVector(g.getFontRenderContext(), text).getLogicalBounds().getWidth();
    }

    /** Every label once, with the first layer that carries it; reference lines last. */
    private Map<String, Plot.Layer> legend() {
        Map<String, Plot.Layer> legend = new LinkedHashMap<>();
        Map<String, Plot.Layer> references = new LinkedHashMap<>();
        for (Plot panel : panels) {
            for (Plot.Layer layer : panel.layers()) {
                if (layer.label() != null) {
                    (layer.dashed() ? references : legend).putIfAbsent(layer.label(), layer);
                }
            }
        }
        legend.putAll(references);
        return legend;
    }

    /** Batik's own encoder looks for a PNG writer in a module of Batik that nothing else here needs; the JDK has one. */
    private static final class PngInSvg extends ImageHandlerBase64Encoder {

        @Override
        public void encodeImage(RenderedImage image, OutputStream out) throws SVGGraphics2DIOException {
            try {
                ByteArrayOutputStream png = new ByteArrayOutputStream();
                ImageIO.setUseCache(false);
                ImageIO.write(image, "png", png);
                png.writeTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
