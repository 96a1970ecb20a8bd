import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Root certificate and a list of files in; a line a file out: name, indication, sub-indication, level. */
public class Judge {
    public static void main(String[] words) throws Exception {
        var trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(new File(words[0])));
        for (String name : Files.readAllLines(Path.of(words[1]))) {
            System.out.println(name + "\t" + judged(name, trusted));
        }
    }

    private static String judged(String name, CommonTrustedCertificateSource trusted) {
        try {
            var verifier = new CommonCertificateVerifier();
            verifier.setTrustedCertSources(trusted);
            var validator = SignedDocumentValidator.fromDocument(new FileDocument(name));
            validator.setCertificateVerifier(verifier);
            SimpleReport report = validator.validateDocument().getSimpleReport();
            var ids = report.getSignatureIdList();
            if (ids.isEmpty()) {
                return "NO_SIGNATURE\t\t";
            }
            String id = ids.get(0);
            return report.getIndication(id) + "\t" + text(report.getSubIndication(id)) + "\t"
                + report.getSignatureFormat(id);
        } catch (Throwable error) {
            return "ERROR\t" + error.getClass().getSimpleName() + "\t";
        }
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }
}
