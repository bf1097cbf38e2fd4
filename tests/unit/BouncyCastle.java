// Tests: verifies one signed file with Bouncy Castle, or signs or encrypts one; ends with 0 where all of its signatures
// hold.

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.RecipientInformationStore;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;
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

  static void sign(byte[] content, String keys, String out, boolean attached) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(Files.readAllBytes(Path.of(keys))), "x".toCharArray());
    String alias = store.aliases().nextElement();
    PrivateKey key = (PrivateKey) store.getKey(alias, "x".toCharArray());
    X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(
        new JcaSimpleSignerInfoGeneratorBuilder()
            .setProvider("BC")
            .build("SHA256withRSA", key, certificate));
    generator.addCertificate(new X509CertificateHolder(certificate.getEncoded()));
    CMSSignedData signed = generator.generate(new CMSProcessableByteArray(content), attached);
    Files.write(Path.of(out), signed.getEncoded());
  }

  static RecipientInfoGenerator to(X509Certificate certificate, String form) throws Exception {
    if (form.equals("encrypt-ec")) {
      KeyPairGenerator making = KeyPairGenerator.getInstance("EC", "BC");
      making.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = making.generateKeyPair();
      return new JceKeyAgreeRecipientInfoGenerator(
              CMSAlgorithm.ECDH_SHA256KDF,
              pair.getPrivate(),
              pair.getPublic(),
              CMSAlgorithm.AES256_WRAP)
          .addRecipient(certificate)
          .setProvider("BC");
    }
    if (!form.equals("encrypt-oaep")) {
      return new JceKeyTransRecipientInfoGenerator(certificate).setProvider("BC");
    }
    OAEPParameterSpec oaep =
        new OAEPParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
    return new JceKeyTransRecipientInfoGenerator(
            certificate,
            new JcaAlgorithmParametersConverter()
                .getAlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, oaep))
        .setProvider("BC");
  }

  static byte[] encrypt(byte[] content, RecipientInfoGenerator recipient, boolean authenticated)
      throws Exception {
    CMSProcessableByteArray data = new CMSProcessableByteArray(content);
    if (authenticated) {
      CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
      generator.addRecipientInfoGenerator(recipient);
      JceCMSContentEncryptorBuilder cipher =
          new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM).setProvider("BC");
      return generator.generate(data, (OutputAEADEncryptor) cipher.build()).getEncoded();
    }
    CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
    generator.addRecipientInfoGenerator(recipient);
    JceCMSContentEncryptorBuilder cipher =
        new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC).setProvider("BC");
    return generator.generate(data, cipher.build()).getEncoded();
  }

  static void encryptFile(String form, String content, String certificate, String out)
      throws Exception {
    X509Certificate holder =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(read(certificate)));
    byte[] message =
        encrypt(
            Files.readAllBytes(Path.of(content)), to(holder, form), form.equals("encrypt-gcm"));
    Files.write(Path.of(out), message);
  }

  /** The first recipient's, whose key it is; by key transport or agreement, authenticated or not. */
  @SuppressWarnings("unchecked")
  static void decrypt(String message, String keys, String out) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(Files.readAllBytes(Path.of(keys))), "x".toCharArray());
    String alias = store.aliases().nextElement();
    PrivateKey key = (PrivateKey) store.getKey(alias, "x".toCharArray());
    byte[] der = read(message);
    RecipientInformationStore recipients;
    try {
      recipients = new CMSEnvelopedData(der).getRecipientInfos();
    } catch (CMSException other) {
      recipients = new CMSAuthEnvelopedData(der).getRecipientInfos();
    }
    Recipient recipient =
        key.getAlgorithm().equals("RSA")
            ? new JceKeyTransEnvelopedRecipient(key).setProvider("BC")
            : new JceKeyAgreeEnvelopedRecipient(key).setProvider("BC");
    RecipientInformation first = recipients.getRecipients().iterator().next();
    Files.write(Path.of(out), first.getContent(recipient));
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
      if (args[0].startsWith("sign-")) {
        boolean attached = args[0].equals("sign-attached");
        sign(Files.readAllBytes(Path.of(args[1])), args[2], args[3], attached);
        isValid = true;
      } else if (args[0].startsWith("encrypt-")) {
        encryptFile(args[0], args[1], args[2], args[3]);
        isValid = true;
      } else if (args[0].equals("decrypt")) {
        decrypt(args[1], args[2], args[3]);
        isValid = true;
      } else {
        isValid = verify(args[0], args[1], args[2]);
      }
    } catch (Exception refused) {
      System.err.println(refused);
    }
    System.exit(isValid ? 0 : 1);
  }
}
