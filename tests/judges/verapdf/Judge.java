import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** A flavour (2b, 2a, ua1) and a list of files in; a line a file out: name, true or false, the clauses it breaks. */
public class Judge {
    public static void main(String[] words) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var flavour = PDFAFlavour.byFlavourId(words[0]);
        for (String name : Files.readAllLines(Path.of(words[1]))) {
            System.out.println(name + "\t" + judged(name, flavour));
        }
    }

    private static String judged(String name, PDFAFlavour flavour) {
        var foundry = Foundries.defaultInstance();
        try (var in = new FileInputStream(name);
                var parser = foundry.createParser(in, flavour);
                var validator = foundry.createValidator(flavour, false)) {
            var result = validator.validate(parser);
            var clauses = new TreeSet<String>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    clauses.add(assertion.getRuleId().getClause());
                }
            }
            return result.isCompliant() + "\t" + String.join(" ", clauses);
        } catch (Throwable error) {
            return "false\t" + error;
        }
    }
}
