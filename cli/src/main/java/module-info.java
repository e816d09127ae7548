/** The {@code pontoon} command. */
module org.pontoon.cli {
    requires org.pontoon.engine;
    requires org.pontoon.validation;
    requires org.pontoon.service;
    requires org.pontoon.bench;

    requires info.picocli;
    requires de.siegmar.fastcsv;
    requires xchart;
    requires org.apache.xmlgraphics.batik.svggen;
    requires java.desktop;

    // picocli fills commands by reflection.
    opens org.pontoon.cli to info.picocli;
}
