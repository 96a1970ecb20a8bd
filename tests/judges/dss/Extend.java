import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.PAdESTimestampParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.tsp.KeyEntityTSPSource;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/**
 * A folder with tsa.p12 (its password is "test"), root.der and list.crl, and a list of files in; two
 * lines a file out: its name, and that of the file with a document time stamp, or raised to B-LTA.
 */
public class Extend {
    public static void main(String[] words) throws Exception {
        PAdESService service = service(Path.of(words[0]));
        for (String name : Files.readAllLines(Path.of(words[1]))) {
            var stamp = new PAdESTimestampParameters(DigestAlgorithm.SHA256);
            String stamped = name.replaceFirst("\\.pdf$", "-stamped.pdf");
            service.timestamp(new FileDocument(name), stamp).save(stamped);
            var level = new PAdESSignatureParameters();
            level.setSignatureLevel(SignatureLevel.PAdES_BASELINE_LTA);
            String raised = name.replaceFirst("\\.pdf$", "-raised.pdf");
            service.extendDocument(new FileDocument(name), level).save(raised);
            System.out.println(name + "\t" + stamped + "\t" + raised);
        }
    }

    private static PAdESService service(Path folder) throws Exception {
        var trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(folder.resolve("root.der").toFile()));
        var verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        byte[] list = Files.readAllBytes(folder.resolve("list.crl"));
        verifier.setCrlSource(new ExternalResourcesCRLSource(new ByteArrayInputStream(list)));
        var service = new PAdESService(verifier);
        service.setTspSource(authority(folder.resolve("tsa.p12")));
        return service;
    }

    private static KeyEntityTSPSource authority(Path file) throws Exception {
        char[] password = "test".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        String alias = store.aliases().nextElement();
        var chain = Arrays.stream(store.getCertificateChain(alias))
            .map(link -> new CertificateToken((X509Certificate) link).getCertificate()).toList();
        var key = (PrivateKey) store.getKey(alias, password);
        var source = new KeyEntityTSPSource(key, chain.get(0), chain);
        source.setTsaPolicy("1.2.3.4");
        source.setDigestAlgorithm(DigestAlgorithm.SHA256);
        return source;
    }
}
