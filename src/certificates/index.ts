// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: what the other rooms call.

export { unwrapWithPadding, wrapWithPadding } from './aesKeyWrap.ts'
export type { SignatureScheme } from './algorithms.ts'
export { algorithmIdentifierOf, digestAlgorithm, digestNameOf } from './algorithms.ts'
export { Batch } from './batch.ts'
export {
  type Certificate,
  fingerprintOf,
  holderOf,
  isSelfIssued,
  nameOf,
  readCertificate,
  sameCertificate,
  serialText,
} from './certificate.ts'
export { readCertificates } from './certificateFiles.ts'
export type { PolicyQualifier } from './certificatePolicies.ts'
export { chainOf } from './chain.ts'
export {
  type Crl,
  type IssuingDistributionPoint,
  readCrl,
  reasonCodes,
} from './crl.ts'
export { encryptPkcs8 } from './encryptPkcs8.ts'
export { CertificateError } from './errors.ts'
export {
  type CertificateExtensions,
  type ExtendedKeyUsage,
  extendedKeyUsages,
  type InfoAccess,
  type KeyUsage,
  type PolicyConstraints,
} from './extensions.ts'
export { type GeneralName, generalNameText, type WrittenName } from './generalNames.ts'
export { assertKeepable } from './keyChecks.ts'
export { type KeyFile, type KeyInFile, readKeyFile } from './keyFile.ts'
export { KeyFileError, type KeyFileErrorCode, type KeyFileOptions } from './keyFileError.ts'
export { certifyKey, issueCertificate, makeSelfSigned } from './makeCertificate.ts'
export { makeCrl, type RevokedEntry } from './makeCrl.ts'
export type { Name, NameAttribute } from './names.ts'
export {
  checkOcsp,
  makeOcspRequest,
  type OcspProblem,
  type OcspResponse,
  readOcspResponse,
} from './ocsp.ts'
export { checkPath, type PathVerdict, type VerdictReason } from './path.ts'
export { readPem, writePem } from './pem.ts'
export type { KeyKind, PublicKey } from './publicKeys.ts'
export {
  type CertificateRequest,
  isProved,
  makeRequest,
  type NameParts,
  readRequest,
} from './request.ts'
export { checkSignature, verifySignature } from './signatures.ts'
export type { Signer } from './signer.ts'
export { type Weakness, weaknessesOf } from './strength.ts'
export type { PolicyDemands } from './validatePath.ts'
