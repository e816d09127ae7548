package org.pontoon.cli.report;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

import org.pontoon.engine.file.WholeFile;

/**
 * The pixels of an image file.
 *
 * @param width pixels in a line
 * @param height lines
 * @param rgb colours as 0xRRGGBB, the top line first
 */
public record Pixels(int width, int height, int[] rgb) {

    /**
     * Reads an image; transparent parts count as white.
     *
     * @param file a PNG file, or one of another format that the JDK reads
     * @return the pixels
     * @throws BadInput naming the file, if it is missing or no image
     */
    public static Pixels read(Path file) {
        return of(image(file));
    }

    /**
     * How dark the pixels of an image are, as a density.
     *
     * @param width pixels in a line
     * @param masses height x width values, the lowest line first: 0 for white or transparent, 1 for black
     */
    public record Darkness(int width, double[] masses) {
    }

    /**
     * Reads how dark an image is, to its last bit where it has 16 of them.
     *
     * @param file as for {@link #read}
     * @return the density
     * @throws BadInput naming the file, if it is missing or no image
     */
    public static Darkness readDarkness(Path file) {
        BufferedImage image = image(file);
        int width = image.getWidth();
        int bits = image.getColorModel().getComponentSize(0);
        if (!hasPlainChannels(image) || bits <= 8) {
            return new Darkness(width, of(image).darkness());
        }
        int height = image.getHeight();
        int bands = image.getRaster().getNumBands();
        int colours = bands < 3 ? 1 : 3;
        double most = (1 << bits) - 1;
        double[] masses = new double[Math.multiplyExact(width, height)];
        int[] line = new int[width * bands];
        for (int y = 0; y < height; y++) {
            image.getRaster().getPixels(0, y, width, 1, line);
            for (int x = 0; x < width; x++) {
                double sum = 0;
                for (int c = 0; c < colours; c++) {
                    sum += line[x * bands + c];
                }
                double opacity = bands == colours ? 1 : line[x * bands + colours] / most;
                masses[(height - 1 - y) * width + x] = opacity * (1 - sum / (colours * most));
            }
        }
        return new Darkness(width, masses);
    }

    private static BufferedImage image(Path file) {
        BadInput.unless(Files.exists(file), "there is no file %s", file);
        BadInput.unless(!Files.isDirectory(file), "%s is a directory, expected an image", file);
        BufferedImage image;
        try {
            ImageIO.setUseCache(false);
            image = ImageIO.read(file.toFile());
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new BadInput("cannot read " + file + " as an image: " + e.getMessage(), e);
        }
        BadInput.unless(image != null, "%s is no image that can be read, expected PNG", file);
        return image;
    }

    private static Pixels of(BufferedImage image) {
        int[] argb = argb(image);
        for (int k = 0; k < argb.length; k++) {
            argb[k] = overWhite(argb[k], 16) | overWhite(argb[k], 8) | overWhite(argb[k], 0);
        }
        return new Pixels(image.getWidth(), image.getHeight(), argb);
    }

    /** Whether the raster holds grey or sRGB values, perhaps with an opacity, as they are. */
    private static boolean hasPlainChannels(BufferedImage image) {
        ColorModel model = image.getColorModel();
        int type = image.getRaster().getTransferType();
        return model instanceof ComponentColorModel && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT)
            && !model.isAlphaPremultiplied()
            && (model.getColorSpace().getType() == ColorSpace.TYPE_GRAY || model.getColorSpace().isCS_sRGB());
    }

    private static int[] argb(BufferedImage image) {
        int width = image.getWidth();
        int bands = image.getRaster().getNumBands();
        if (!hasPlainChannels(image) || bands > 2) {
            return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        }
        // the JDK takes grey for linear light and would make 188 of 128, though files mean what colours mean
        int most = (1 << image.getColorModel().getComponentSize(0)) - 1;
        int[] argb = new int[Math.multiplyExact(width, image.getHeight())];
        int[] line = new int[width * bands];
        for (int k = 0; k < argb.length; k++) {
            if (k % width == 0) {
                image.getRaster().getPixels(0, k / width, width, 1, line);
            }
            int at = k % width * bands;
            argb[k] = (bands == 1 ? 0xFF : byteOf(line[at + 1], most)) << 24 | byteOf(line[at], most) * 0x10101;
        }
        return argb;
    }

    private static int byteOf(int value, int most) {
        return (int) Math.round(value * 255.0 / most);
    }

    private static int overWhite(int argb, int shift) {
        int alpha = argb >>> 24;
        int value = argb >>> shift & 0xFF;
        return (value * alpha + 255 * (255 - alpha) + 127) / 255 << shift;
    }

    /**
     * Writes the pixels as a PNG file, whole or not at all.
     *
     * @param file the file
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        try (WholeFile whole = WholeFile.create(file); OutputStream out = new BufferedOutputStream(whole.stream(), 1 << 16)) {
            ImageIO.setUseCache(false);
            if (!ImageIO.write(image(), "png", out)) {
                throw new IOException("this JDK cannot write PNG");
            }
            out.flush();
            whole.commit();
        }
    }

    BufferedImage image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, rgb, 0, width);
        return image;
    }

    /**
     * Returns how dark every pixel is, as a density: 0 for white, 1 for black.
     *
     * @return height x width values, the lowest line first
     */
    public double[] darkness() {
        double[] masses = new double[rgb.length];
        for (int k = 0; k < rgb.length; k++) {
            int color = rgb[k];
            int sum = (color >> 16 & 0xFF) + (color >> 8 & 0xFF) + (color & 0xFF);
            masses[(height - 1 - k / width) * width + k % width] = 1 - sum / 765.0;
        }
        return masses;
    }
}
