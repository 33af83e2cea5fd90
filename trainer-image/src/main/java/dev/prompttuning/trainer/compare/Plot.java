package dev.prompttuning.trainer.compare;

/**
 * A chart as a picture.
 *
 * @param name of its file, without ending
 * @param svg a whole document
 */
record Plot(String name, String title, String svg) {

    String fileName() {
        return "comparison-" + name + ".svg";
    }
}
