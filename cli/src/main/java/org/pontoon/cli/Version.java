package org.pontoon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

import picocli.CommandLine.IVersionProvider;

/** The version that Maven wrote into the jar. */
final class Version implements IVersionProvider {

    Version() {
    }

    static String number() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/META-INF/maven/org.pontoon/pontoon-cli/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            // The jar is damaged; what was asked for is only its version.
        }
        return properties.getProperty("version", "(development)");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"pontoon " + number(), "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")};
    }
}
