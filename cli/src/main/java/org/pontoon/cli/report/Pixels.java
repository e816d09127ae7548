package org.pontoon.cli.report;

import java.awt.image.BufferedImage;
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
        int[] argb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int k = 0; k < argb.length; k++) {
            argb[k] = overWhite(argb[k], 16) | overWhite(argb[k], 8) | overWhite(argb[k], 0);
        }
        return new Pixels(image.getWidth(), image.getHeight(), argb);
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
