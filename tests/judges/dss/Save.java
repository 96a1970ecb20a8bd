import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;

/**
 * A list of files in; a line a file out: its name, and those of the same as PDFBox saves it with a
 * cross-reference table and with object streams.
 */
public class Save {
    public static void main(String[] words) throws Exception {
        for (String name : Files.readAllLines(Path.of(words[0]))) {
            String stem = name.replaceFirst("\\.pdf$", "");
            save(name, stem + "-saved.pdf", CompressParameters.NO_COMPRESSION);
            save(name, stem + "-packed.pdf", CompressParameters.DEFAULT_COMPRESSION);
            System.out.println(name + "\t" + stem + "-saved.pdf\t" + stem + "-packed.pdf");
        }
    }

    private static void save(String name, String as, CompressParameters how) throws Exception {
        try (var pdf = Loader.loadPDF(new File(name))) {
            pdf.save(as, how);
        }
    }
}
