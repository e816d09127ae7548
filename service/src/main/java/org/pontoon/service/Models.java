package org.pontoon.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.LiveBridge;
import org.pontoon.engine.file.BridgeFile;

/**
 * The bridges that a server translates with, by name. Names and their numbers are fixed; the bridges behind them may be replaced while the
 * server runs, by {@link #reload(String)} or through {@link LiveBridge#replace}. Safe for any thread.
 */
public final class Models {

    private final List<String> names = new ArrayList<>();
    private final List<LiveBridge> bridges = new ArrayList<>();
    private final Map<String, Path> files;

    private Models(Map<String, LightBridge> models, Map<String, Path> files) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("no models, expected at least one");
        }
        models.forEach((name, bridge) -> {
            if (name.isEmpty() || name.length() > 100) {
                throw new IllegalArgumentException("model name '" + name + "' has " + name.length() + " letters, expected 1 to 100");
            }
            names.add(name);
            bridges.add(new LiveBridge(bridge));
        });
        this.files = Map.copyOf(files);
    }

    /**
     * Takes bridges.
     *
     * @param models bridges by name, numbered in this order
     * @return the models
     * @throws IllegalArgumentException if there is none, or a name is empty or longer than 100 letters
     */
    public static Models of(Map<String, LightBridge> models) {
        return new Models(models, Map.of());
    }

    /**
     * Reads bridges.
     *
     * @param files files by name, numbered in this order
     * @return the models; they can be {@linkplain #reload reloaded}
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if a file is no bridge, or a name is wrong
     */
    public static Models read(Map<String, Path> files) throws IOException {
        Map<String, LightBridge> models = new LinkedHashMap<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            models.put(file.getKey(), BridgeFile.read(file.getValue()));
        }
        return new Models(models, files);
    }

    /**
     * Returns the number of models.
     *
     * @return at least 1
     */
    public int size() {
        return names.size();
    }

    /**
     * Returns a model's name.
     *
     * @param number number of the model, from 0
     * @return its name
     */
    public String name(int number) {
        return names.get(number);
    }

    /**
     * Returns a model.
     *
     * @param number number of the model, from 0
     * @return the bridge, which may be replaced through it
     */
    public LiveBridge bridge(int number) {
        return bridges.get(number);
    }

    /**
     * Finds a model.
     *
     * @param name its name
     * @return its number, or -1 if there is none of that name
     */
    public int find(String name) {
        return names.indexOf(name);
    }

    /**
     * Reads a model's file again and makes that bridge current.
     *
     * @param name the model's name
     * @return the new version
     * @throws IOException if the file cannot be read; the old bridge stays
     * @throws IllegalArgumentException if there is no such model, it came from no file, or the file is no bridge of the old one's dimension
     */
    public long reload(String name) throws IOException {
        int number = find(name);
        if (number < 0) {
            throw new IllegalArgumentException("no model '" + name + "', expected one of " + names);
        }
        Path file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("model '" + name + "' was not read from a file");
        }
        return bridges.get(number).replace(BridgeFile.read(file));
    }
}
