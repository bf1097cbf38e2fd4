// Tests: verifies one signed file with Bouncy Castle; ends with 0 where all of its signatures hold.

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

public class BouncyCastle {
  static byte[] read(String path) throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(path));
    if (bytes[0] != '-') return bytes;
    String text = new String(bytes, StandardCharsets.US_ASCII);
    return new PEMParser(new StringReader(text)).readPemObject().getContent();
  }

  static ContentVerifierProvider by(X509CertificateHolder issuer) throws Exception {
    return new JcaContentVerifierProviderBuilder().setProvider("BC").build(issuer);
  }

  static boolean request(String path) throws Exception {
    PKCS10CertificationRequest request = new PKCS10CertificationRequest(read(path));
    JcaContentVerifierProviderBuilder builder = new JcaContentVerifierProviderBuilder();
    return request.isSignatureValid(
        builder.setProvider("BC").build(request.getSubjectPublicKeyInfo()));
  }

  @SuppressWarnings("unchecked")
  static boolean cms(String path, String content) throws Exception {
    ByteArrayInputStream der = new ByteArrayInputStream(read(path));
    CMSSignedData data =
        content.equals("-")
            ? new CMSSignedData(der)
            : new CMSSignedData(
                new CMSProcessableByteArray(Files.readAllBytes(Path.of(content))), der);
    boolean isValid = data.getSignerInfos().size() > 0;
    for (SignerInformation signer : data.getSignerInfos()) {
      Object found = data.getCertificates().getMatches(signer.getSID()).iterator().next();
      JcaSimpleSignerInfoVerifierBuilder builder = new JcaSimpleSignerInfoVerifierBuilder();
      isValid &= signer.verify(builder.setProvider("BC").build((X509CertificateHolder) found));
    }
    return isValid;
  }

  static boolean verify(String kind, String file, String beside) throws Exception {
    switch (kind) {
      case "certificate":
        return new X509CertificateHolder(read(file))
            .isSignatureValid(by(new X509CertificateHolder(read(beside))));
      case "crl":
        return new X509CRLHolder(read(file))
            .isSignatureValid(by(new X509CertificateHolder(read(beside))));
      case "request":
        return request(file);
      default:
        return cms(file, beside);
    }
  }

  public static void main(String[] args) {
    Security.addProvider(new BouncyCastleProvider());
    boolean isValid = false;
    try {
      isValid = verify(args[0], args[1], args[2]);
    } catch (Exception refused) {
      System.err.println(refused);
    }
    System.exit(isValid ? 0 : 1);
  }
}
